import EDNets
import Files
import Foundation
import Networks
import SwiftProtobuf
import Tensors
import Testing

@testable import ONNX

/// A network of the registry whose parameters have values of every kind, from a seed.
func network(_ name: String) throws -> Network {
  let network = try Network(ModelRegistry.description(named: name))
  for (place, parameter) in network.parameters.enumerated() {
    var generator = SeededGenerator(seed: 7, place: UInt64(place))
    parameter.value = Tensor(shape: parameter.shape) { values in
      for i in values.indices { values[i] = Float(0.5 + generator.uniform()) }
    }
  }
  return network
}

/// Two gibibytes of zeros that take no memory as long as they are only read.
final class Zeros {
  static let bytes = 2 << 30
  private let memory: UnsafeMutableRawPointer

  init() {
    let found = mmap(nil, Self.bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let found, found != MAP_FAILED else { preconditionFailure("no room for two gibibytes of zeros") }
    memory = found
  }

  func tensor(_ shape: [Int]) -> Tensor {
    Tensor(borrowing: memory.assumingMemoryBound(to: Float.self), shape: shape, owner: self)
  }

  deinit { munmap(memory, Self.bytes) }
}

extension ONNXModel {
  /// What another program reads of the written file.
  func decoded() throws -> ONNXModelProto {
    let folder = try TemporaryFolder()
    try write(to: folder.path + "/net.onnx")
    // Nothing else stays behind.
    #expect(try Folders.contents(of: folder.path) == ["net.onnx"])
    return try ONNXModelProto(
      serializedBytes: Data(contentsOf: URL(fileURLWithPath: folder.path + "/net.onnx")))
  }
}

extension ONNXTensorProto {
  var floats: [Float] {
    rawData.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }
}

extension ONNXGraphProto {
  /// Every value is made once, before it is read, and the outputs are made.
  /// - Parameter initializers: their names, if they are not in the graph yet.
  func expectOrder(initializers: [String]? = nil) {
    let given = input.map(\.name) + (initializers ?? initializer.map(\.name))
    var known = Set(given)
    var wrong = given.count == known.count ? [] : ["a name is given twice"]
    for node in node {
      wrong += node.input.filter { !known.contains($0) }.map { "\(node.name) reads \($0)" }
      wrong += node.output.filter { !known.insert($0).inserted }.map { "\($0) is made twice" }
    }
    wrong += output.map(\.name).filter { !known.contains($0) }.map { "\($0) is not made" }
    if Set(node.map(\.name)).count < node.count { wrong.append("two nodes have one name") }
    #expect(wrong == [])
  }

  /// The node that makes a value.
  func maker(of value: String) throws -> ONNXNodeProto {
    try #require(node.first { $0.output == [value] })
  }
}

extension ONNXNodeProto {
  func integers(_ name: String) -> [Int64]? { attribute.first { $0.name == name }.map { $0.ints } }
}
