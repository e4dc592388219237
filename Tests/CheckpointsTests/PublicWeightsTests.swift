import Files
import Testing

@testable import Checkpoints

/// The public CIFAR-10 weights, which are legacy files, against PyTorch's own reading of them.
@Suite(.enabled(if: Fixtures.data("weights") != nil, "EDVIZ_DATA has no weights/"))
struct PublicWeightsTests {
  private struct Line {
    var file: String
    var name: String
    var shape: [Int]
    var sum: Double
    var first: [Float]
  }

  private static func reference() throws -> [Line] {
    let text = String(decoding: try Fixtures.bytes("th-reference.txt"), as: UTF8.self)
    return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let fields = line.split(separator: " ", omittingEmptySubsequences: false)
      return Line(
        file: String(fields[0]), name: String(fields[1]),
        shape: fields[2].split(separator: "x").compactMap { Int($0) },
        sum: try #require(Double(fields[3])), first: fields[4...].compactMap { Float($0) })
    }
  }

  @Test func everyTensorIsWhatPyTorchReads() throws {
    let folder = try #require(Fixtures.data("weights")) + "/"
    let lines = try Self.reference()
    #expect(lines.count > 700)
    for (file, tensors) in Dictionary(grouping: lines, by: \.file) {
      let checkpoint = try Checkpoint(contentsOf: folder + file)
      #expect(checkpoint.format == .pyTorchLegacy)
      #expect(checkpoint.map(\.name) == tensors.map(\.name))
      for line in tensors {
        let tensor = try #require(try checkpoint[line.name]?.tensor())
        #expect(tensor.shape == line.shape)
        #expect(Array(tensor.elements.prefix(2)) == line.first)
        let sum = tensor.elements.reduce(0) { $0 + Double($1) }
        #expect(abs(sum - line.sum) <= 1e-9 * max(1, abs(line.sum)), "\(file) \(line.name)")
      }
      let canonical = try checkpoint.withCanonicalNames()
      #expect(canonical["fc.weight"]?.shape == [10, 64])
      #expect(canonical["layer1.layer1_block_0.conv_conv1.weight"]?.shape == [16, 16, 3, 3])
    }
  }

  @Test func publishedNamesAreAlreadyCanonical() throws {
    let folder = try #require(Fixtures.data("weights")) + "/"
    let checkpoint = try Checkpoint(contentsOf: folder + "ed-interim.safetensors")
    let canonical = try checkpoint.withCanonicalNames()
    #expect(canonical.map(\.name) == checkpoint.map(\.name))
    #expect(checkpoint.metadata["classes"]?.hasPrefix("[\"goldfish\"") == true)
    let names = try #require(ParameterNames(detectedIn: checkpoint.map(\.name)))
    #expect(names.convention is PublishedNames && names.prefix.isEmpty)
    #expect(checkpoint.allSatisfy { names.original($0.name) == $0.name })
  }
}
