import Files
import SwiftProtobuf

extension ONNXModel {
  /// Writes the file, which comes into being whole or not at all.
  ///
  /// Weights go from where they are straight into the file: at no time is there a copy of them all in memory.
  /// - Throws: `ONNXError.tooLarge`, `FileError`.
  public func write(to path: String, replacing: Bool = true) throws {
    let writer = try ONNXWriter(self, path: path)
    let file = try AtomicFile(path: path)
    try writer.write(to: file)
    try file.commit(replacing: replacing)
  }
}

/// Writes a `ModelProto` field by field: everything but the elements of the weights is serialised by SwiftProtobuf, and
/// those stand between as the `raw_data` of their `TensorProto`.
struct ONNXWriter {
  /// Protobuf messages are shorter than 2 GiB.
  static let largestSize = Int(Int32.max)

  private let head: [UInt8]
  private let graph: [UInt8]
  private let tensors: [(head: [UInt8], values: ONNXInitializer)]
  private let graphSize: Int

  /// Numbers of the fields that are written here.
  private enum Field: Int {
    /// ModelProto.graph
    case graph = 7
    /// GraphProto.initializer
    case initializer = 5
    /// TensorProto.raw_data
    case rawData = 9
  }

  init(_ model: ONNXModel, path: String) throws {
    head = try model.message.serializedBytes()
    graph = try model.graph.serializedBytes()
    tensors = try model.initializers.map { initializer in
      let proto = ONNXTensorProto.with {
        $0.name = initializer.name
        $0.dims = initializer.shape.map(Int64.init)
        $0.dataType = Int32(ONNXTensorProto.DataType.float.rawValue)
      }
      let inner: [UInt8] = try proto.serializedBytes() + Self.key(.rawData, length: initializer.byteCount)
      return (Self.key(.initializer, length: inner.count + initializer.byteCount) + inner, initializer)
    }
    graphSize = tensors.reduce(graph.count) { $0 + $1.head.count + $1.values.byteCount }
    let size = head.count + Self.key(.graph, length: graphSize).count + graphSize
    guard size <= Self.largestSize else { throw ONNXError.tooLarge(path: path, bytes: size) }
  }

  func write(to file: AtomicFile) throws {
    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try file.write($0) } }
    try write(head)
    try write(Self.key(.graph, length: graphSize))
    try write(graph)
    for tensor in tensors {
      try write(tensor.head)
      try tensor.values.write(to: file)
    }
  }

  /// What stands before a field of `length` bytes: number and wire type 2, then the length, both as varints.
  private static func key(_ field: Field, length: Int) -> [UInt8] {
    var bytes = [UInt8(field.rawValue << 3 | 2)]
    var rest = length
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F | 0x80))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}

extension ONNXModel {
  /// The file without its graph.
  fileprivate var message: ONNXModelProto {
    .with {
      $0.irVersion = Int64(Self.formatVersion)
      $0.producerName = "edviz"
      $0.producerVersion = producerVersion
      $0.opsetImport = [.with { $0.version = Int64(Self.operatorSet) }]
      $0.metadataProps = metadata.sorted { $0.key < $1.key }.map { key, value in
        .with { ($0.key, $0.value) = (key, value) }
      }
    }
  }
}
