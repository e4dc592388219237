import Files
import Tensors
import Testing

@testable import Checkpoints

@Suite struct WritingTests {
  /// What Fixtures/edviz.safetensors holds. To record it anew, set EDVIZ_RECORD to that folder
  /// and build once more; Reference/make_fixtures.py then shows that the reference implementation reads it.
  private static func example() throws -> Checkpoint {
    let values: [Float] = [0.1, -65504, 6e-8, 1e30, .infinity, -0.0]
    return try Checkpoint(
      [
        ("z", Tensor(values, shape: [2, 3])), ("a", Tensor([2.5], shape: [])),
        ("quote \" \\ \n ü", Tensor([], shape: [0, 3])),
      ], metadata: ["model": "ED-ResNet", "note": "a \"ü\"\n"])
  }

  private static func written(
    _ checkpoint: Checkpoint, _ precision: Checkpoint.Precision = .f32
  ) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let path = folder.path + "/new/file.safetensors"
    try checkpoint.write(to: path, precision: precision)
    return try MappedFile(path: path).withUnsafeBytes(Array.init)
  }

  @Test func writesTheCommittedFile() throws {
    if let folder = Fixtures.record { try Self.example().write(to: folder + "/edviz.safetensors") }
    let bytes = try Self.written(try Self.example())
    #expect(bytes == (try Fixtures.bytes("edviz.safetensors")))
  }

  @Test func dataStartsAtAMultipleOf64() throws {
    for count in 0..<20 {
      let name = String(repeating: "n", count: count + 1)
      let bytes = try Self.written(try Checkpoint([(name, Tensor([1], shape: [1]))]))
      let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect((8 + length).isMultiple(of: 64) && bytes.count == 8 + length + 4)
      #expect(try open(bytes)[name]?.tensor().elements == [1])
    }
  }

  @Test func readsBackWhatItWrote() throws {
    let example = try Self.example()
    let read = try open(try Self.written(example))
    #expect(read.metadata == example.metadata)
    #expect(Set(read.map(\.name)) == Set(example.map(\.name)))
    for entry in example {
      let tensor = try #require(try read[entry.name]?.tensor())
      #expect(tensor.shape == entry.shape)
      #expect(try tensor.elements.map(\.bitPattern) == entry.tensor().elements.map(\.bitPattern))
    }
  }

  @Test func roundsToSixteenBits() throws {
    let f16 = try open(try Self.written(try Self.example(), .f16))
    #expect(f16["z"]?.type == .f16)
    #expect(
      try f16["z"]?.tensor().elements
        == [0.1 as Float16, -65504, 6e-8, .infinity, .infinity, -0.0].map(Float.init))
    let bf16 = try open(try Self.written(try Self.example(), .bf16))
    #expect(bf16["z"]?.type == .bf16)
    #expect(
      try bf16["z"]?.tensor().elements.prefix(2)
        == [Float(bitPattern: 0x3dcd_0000), Float(bitPattern: 0xc780_0000)])
  }

  /// A PyTorch file becomes safetensors: floats in the precision asked for, strided ones dense, integers as they
  /// are; and the order is the reference implementation's.
  @Test func convertsPyTorchFiles() throws {
    let source = try Checkpoint(contentsOf: Fixtures.path("state.pth"))
    let converted = try open(try Self.written(source))
    let reference = try Checkpoint(contentsOf: Fixtures.path("python.safetensors"))
    #expect(
      converted.filter { !$0.type.isFloatingPoint }.map(\.name)
        == reference.filter { !$0.type.isFloatingPoint }.map(\.name))
    for entry in reference {
      let found = try #require(converted[entry.name])
      #expect(found.type == (entry.type.isFloatingPoint ? .f32 : entry.type))
      #expect(try found.tensor().elements == entry.tensor().elements, "\(entry.name)")
    }
  }

  /// The tensors that are written lie in the very file that is replaced.
  @Test func aFileCanBeConvertedInPlace() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/w.safetensors"
    try Self.example().write(to: path)
    let open = try Checkpoint(contentsOf: path)
    try open.write(to: path, precision: .bf16)
    #expect(try Checkpoint(contentsOf: path)["z"]?.type == .bf16)
    #expect(try open["z"]?.tensor().elements.first == 0.1)
  }

  @Test func manyElementsAreConvertedInParts() throws {
    let values = (0..<200_001).map { Float($0 % 2048) }
    let checkpoint = try Checkpoint([("w", Tensor(values, shape: [3, 66667]))])
    #expect(try open(try Self.written(checkpoint, .f16))["w"]?.tensor().elements == values)
  }

  @Test func refusesWhatCannotBeRead() throws {
    let reserved = try Checkpoint([("__metadata__", Tensor([1], shape: [1]))])
    #expect(throws: CheckpointError.reservedName(path: "/nowhere/x", name: "__metadata__")) {
      try reserved.write(to: "/nowhere/x")
    }
    #expect(throws: CheckpointError.duplicateName(path: "memory", name: "a")) {
      try Checkpoint([("a", Tensor([1], shape: [1])), ("a", Tensor([2], shape: [1]))])
    }
    // As every writer says it.
    #expect(throws: FileError.self) { try Self.example().write(to: "/dev/null/child") }
  }
}
