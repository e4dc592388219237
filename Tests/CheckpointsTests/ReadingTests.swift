import Files
import Tensors
import Testing

@testable import Checkpoints

/// Files as PyTorch and safetensors wrote them.
@Suite struct ReadingTests {
  private static let states = [
    "python.safetensors", "state.pth", "state-protocol4.pth", "state-legacy.pth",
    "state-legacy-protocol4.pth",
  ]

  @Test(arguments: states)
  func readsEveryTypeAlike(name: String) throws {
    let checkpoint = try Checkpoint(contentsOf: Fixtures.path(name))
    let base: [Float] = (0..<12).map { Float($0) / 8 - 0.5 }
    func expect(_ name: String, _ type: ElementType, _ shape: [Int], _ elements: [Float]) throws {
      let entry = try #require(checkpoint[name])
      #expect(entry.type == type && entry.shape == shape && entry.count == elements.count)
      let tensor = try entry.tensor()
      #expect(tensor.shape == shape)
      #expect(tensor.elements == elements, "\(name)")
    }
    try expect("conv1.weight", .f32, [1, 3, 2, 2], base)
    try expect("bn1.weight", .f32, [4], Array(base[4..<8]))
    try expect("bn1.num_batches_tracked", .i64, [], [16_777_216])
    try expect("transposed", .f32, [4, 3], (0..<4).flatMap { row in (0..<3).map { base[$0 * 4 + row] } })
    try expect("half", .f16, [4], [0.1 as Float16, -65504, 6e-8, .infinity].map(Float.init))
    try expect("bfloat", .bf16, [3], [0x3dcd_0000, 0xff62_0000, 0x0001_0000].map { Float(bitPattern: $0) })
    try expect("double", .f64, [2], [1 / 3, -.infinity])
    try expect("int", .i32, [2, 2], [1, -2, 3, 4])
    try expect("bytes", .u8, [2], [0, 255])
    try expect("bool", .bool, [3], [1, 0, 1])
    try expect("empty", .f32, [0, 3], [])
    try expect("scalar", .f32, [], [2.5])
    #expect(checkpoint.count == 12)
    #expect(checkpoint["absent"] == nil)
  }

  @Test func readsMetadataAndTellsTheFormat() throws {
    let python = try Checkpoint(contentsOf: Fixtures.path("python.safetensors"))
    #expect(python.format == .safetensors)
    #expect(python.metadata == ["epoch": "3", "note": "a \"ü\"\n\\"])
    #expect(try Checkpoint(contentsOf: Fixtures.path("state.pth")).format == .pyTorchArchive)
    #expect(try Checkpoint(contentsOf: Fixtures.path("state-legacy.pth")).format == .pyTorchLegacy)
  }

  @Test func keepsTheOrderOfSaving() throws {
    let names = try Checkpoint(contentsOf: Fixtures.path("state.pth")).map(\.name)
    #expect(names.prefix(4) == ["conv1.weight", "bn1.weight", "bn1.num_batches_tracked", "transposed"])
  }

  /// Beside the state dictionary stand an accuracy that is a tensor, a parameter, a size and an optimizer's state.
  @Test(arguments: ["trainer.pth", "trainer-legacy.pth.tar"])
  func findsTheStateDictionaryOfATrainer(name: String) throws {
    let checkpoint = try Checkpoint(contentsOf: Fixtures.path(name))
    #expect(
      checkpoint.map(\.name) == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
        "1.num_batches_tracked",
      ])
    #expect(checkpoint["0.weight"]?.shape == [2, 1, 1, 1])
    #expect(try checkpoint["1.num_batches_tracked"]?.tensor().elements == [1])
    #expect(checkpoint["1.num_batches_tracked"]?.isStepCounter == true)
  }

  @Test func readsTypesWithoutAStorageClass() throws {
    let checkpoint = try Checkpoint(contentsOf: Fixtures.path("typed.pth"))
    #expect(checkpoint["u16"]?.type == .u16)
    #expect(try checkpoint["u16"]?.tensor().elements == [1, 65535])
    #expect(checkpoint["f8"]?.type == .f8e4m3 && checkpoint["f8"]?.shape == [2])
    #expect(throws: CheckpointError.self) { try checkpoint["f8"]?.tensor() }
  }

  @Test func readsViewsAndPython2() throws {
    let views = try Checkpoint(contentsOf: Fixtures.path("views-legacy.pth"))
    #expect(try views["first"]?.tensor().elements == [0, 1])
    #expect(try views["second"]?.tensor().elements == [3, 4, 5])
    #expect(try views["whole"]?.tensor().elements == [0, 1, 2, 3, 4, 5])
    let python2 = try Checkpoint(contentsOf: Fixtures.path("python2-legacy.pth"))
    #expect(try python2["linear.bias"]?.tensor().elements == [1.5, -2.5])
  }

  @Test func alignedFloatsAreBorrowedAndOutliveTheCheckpoint() throws {
    let path = Fixtures.path("state.pth")
    var checkpoint: Checkpoint? = try Checkpoint(contentsOf: path)
    let first = try #require(try checkpoint?["conv1.weight"]?.tensor())
    let second = try #require(try checkpoint?["conv1.weight"]?.tensor())
    checkpoint = nil
    let same = first.withUnsafeElements { one in
      second.withUnsafeElements { $0.baseAddress == one.baseAddress }
    }
    #expect(same, "both tensors lie in the mapped file")
    var changed = first
    changed.withUnsafeMutableElements { $0[0] = 7 }
    #expect(changed[0] == 7 && first[0] == -0.5 && second[0] == -0.5)
  }

  @Test func misalignedFloatsAreCopied() throws {
    let json =
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
      + #""w":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#
    let data = [UInt8(9)] + [Float(1), -2].flatMap { PickleBytes.little($0.bitPattern) }
    let checkpoint = try open(PickleBytes.little(UInt64(json.utf8.count)) + Array(json.utf8) + data)
    #expect(try checkpoint["w"]?.tensor().elements == [1, -2])
  }

  /// A header of 640 bytes makes a safetensors file begin as pickles do.
  @Test func aLengthThatLooksLikeAPickleIsNoPickle() throws {
    let json = Array("{}".utf8) + [UInt8](repeating: 0x20, count: 638)
    let bytes = PickleBytes.little(UInt64(640)) + json
    #expect(bytes.starts(with: [0x80, 2]))
    #expect(try open(bytes).format == .safetensors)
  }

  @Test func missingFilesAndOtherFilesAreNamed() throws {
    #expect(throws: CheckpointError.file(.notFound(path: "/none/at/all"))) {
      try Checkpoint(contentsOf: "/none/at/all")
    }
    for bytes in [[0x80], [0x80, 7, 9], [1, 2, 3, 4, 5]] as [[UInt8]] {
      #expect(failure(bytes) == .unknownFormat(path: "test"))
    }
    // A pickle, but not torch's: the number 1.
    #expect(failure([0x80, 2, 0x4b, 1, 0x2e]) == .unknownFormat(path: "test"))
  }
}
