import Checkpoints
import Files
import Images
import Testing

@testable import Datasets

/// CIFAR-10 in three spellings.
@Suite struct CIFARTests {
  /// Five binary batches with a picture or two each, and a test batch with one.
  private static func binary() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for batch in 1...5 {
      let second: [UInt8] = batch == 2 ? [9] + noise(3072, seed: 20) : []
      try folder.write("data_batch_\(batch).bin", [UInt8(batch)] + noise(3072, seed: UInt32(batch)) + second)
    }
    try folder.write("test_batch.bin", [3] + noise(3072, seed: 6))
    try folder.write("batches.meta.txt", (0..<10).map { "name \($0)\n" }.joined() + "\n")
    return folder
  }

  @Test func binaryBatches() throws {
    let folder = try Self.binary()
    let train = try DatasetSource(path: folder.path).open()
    #expect(train.count == 6)
    #expect(train.isDecoded)
    #expect(train.classes == (0..<10).map { "name \($0)" })
    #expect((0..<6).map(train.label) == [1, 2, 9, 3, 4, 5])
    #expect(try train.image(at: 2).pixels == interleaved(noise(3072, seed: 20)))
    #expect(try train.image(at: 5).pixels == interleaved(noise(3072, seed: 5)))
    #expect(train.name(at: 2) == "\(folder.path)/data_batch_2.bin:1")
    for split in [DatasetSplit.test, .val] {
      let test = try DatasetSource(path: folder.path, format: "cifar10-binary", split: split).open()
      #expect(test.count == 1)
      #expect(test.label(at: 0) == 3)
      #expect(try test.image(at: 0).pixels == interleaved(noise(3072, seed: 6)))
    }
    // Under the name that the published archive gives it.
    let around = try TemporaryFolder()
    try around.write("cifar-10-batches-bin/test_batch.bin", [3] + noise(3072, seed: 6))
    let named = try DatasetSource(path: around.path, split: .test).open()
    #expect(named.classes == CIFAR10.classes)
    #expect(named.count == 1)
  }

  @Test func damagedBinaryBatchesAreNamed() throws {
    let folder = try Self.binary()
    try folder.write("data_batch_3.bin", [3] + noise(3071, seed: 3))
    #expect(failure(folder.path)?.kind == "damaged")
    try folder.write("data_batch_3.bin", [])
    #expect(failure(folder.path)?.kind == "damaged")
    try folder.write("data_batch_3.bin", [10] + noise(3072, seed: 3))
    #expect(
      failure(folder.path)
        == .labelOutOfRange(
          path: "\(folder.path)/data_batch_3.bin", place: "image 0", label: 10, classes: 10))
    Folders.removeFile("\(folder.path)/data_batch_3.bin")
    #expect(failure(folder.path) == .file(.notFound(path: "\(folder.path)/data_batch_3.bin")))
  }

  @Test(arguments: ["python2", "python3-protocol2", "python3-protocol4"])
  func pythonBatches(_ name: String) throws {
    let test = try DatasetSource(path: Fixtures.path(name), split: .test).open()
    #expect(test.count == 1)
    #expect(test.classes == ["airplane", "automobile", "bird"])
    #expect(test.label(at: 0) == 0)
    #expect(try test.image(at: 0).pixels == interleaved(noise(3072, seed: 6)))
    #expect(test.name(at: 0).hasSuffix("/test_batch:image_6.png"))
    let missing = failure(DatasetSource(path: Fixtures.path(name)))
    #expect(missing?.description.hasSuffix("data_batch_1: no such file or folder") == true)
  }

  /// A pickle is untrusted: every cut and every changed byte gives an error or a dataset, never a crash.
  @Test(arguments: ["python2", "python3-protocol2", "python3-protocol4"])
  func damagedPickles(_ name: String) throws {
    let bytes = try Fixtures.bytes("\(name)/test_batch")
    var refused = 0
    let interesting = Array(0..<260) + Array((bytes.count - 80)..<bytes.count)
    for length in interesting {
      #expect(throws: CheckpointError.self) {
        try PickledDictionary(bytes: Array(bytes[..<length]), path: "p")
      }
      for value: UInt8 in [0, 0xff, bytes[length] ^ 1] {
        var changed = bytes
        changed[length] = value
        do {
          let content = try PickledDictionary(bytes: changed, path: "p")
          if let data = content.array("data") { #expect(data.shape.reduce(1, *) == data.bytes.count) }
          _ = content.integers("labels")
          _ = content.texts("filenames")
        } catch { refused += 1 }
      }
    }
    #expect(refused > interesting.count / 4)
  }

  @Test func picklesNameNothingElse() throws {
    for global in [
      "os\nsystem", "numpy\nload", "builtins\neval", "torch\nFloatStorage", "numpy.core.multiarray\nscalar",
    ] {
      let bytes: [UInt8] = [0x80, 2] + Array("c\(global)\n)R.".utf8)
      let name = global.replacing("\n", with: ".")
      #expect(throws: CheckpointError.forbidden(path: "p", name: name)) {
        try PickledDictionary(bytes: bytes, path: "p")
      }
    }
    // Pictures are no weights.
    #expect(throws: CheckpointError.self) {
      try Checkpoint(bytes: Fixtures.bytes("python2/test_batch"), path: "w")
    }
  }

  /// One text of bytes, encoded again and again, would be a bomb.
  @Test func encodedBytesAreBounded() {
    let text: [UInt8] = Array("X".utf8) + [0, 4, 0, 0] + [UInt8](repeating: 65, count: 1024)
    let encode = Array("q\u{1}0c_codecs\nencode\nq\u{2}0X".utf8) + [6, 0, 0, 0]
    var bytes: [UInt8] = [0x80, 2] + text + encode + Array("latin1q\u{3}0]q\u{4}(".utf8)
    for _ in 0..<400 { bytes += Array("h\u{2}h\u{1}h\u{3}".utf8) + [0x86, UInt8(ascii: "R")] }
    bytes += Array("e.".utf8)
    let limit = CheckpointError.limitExceeded(
      path: "p", part: "its pickle", limit: "\(bytes.count) copied values")
    #expect(throws: limit) { try PickledDictionary(bytes: bytes, path: "p") }
  }

  @Test func pixelRows() throws {
    let folder = try TemporaryFolder()
    let rows = noise(1024 * 3 * 2, seed: 1)
    let labels = (0..<51_000).map { "\($0 % 10)" }.joined(separator: ", ")
    try folder.write("cifar10_labels.js", "var labels=[\(labels)];")
    try folder.write("cifar10_batch_2.png", Image(width: 1024, height: 2, pixels: rows).encodedPNG())
    try folder.write(
      "cifar10_batch_50.png", Image(width: 1024, height: 1, pixels: Array(rows[3072...])).encodedPNG())
    let train = try DatasetSource(path: folder.path).open()
    #expect(train.count == 2)
    #expect(train.label(at: 1) == 1)
    #expect(try train.image(at: 1).pixels == Array(rows[3072...]))
    #expect(train.name(at: 1).hasSuffix("cifar10_batch_2.png:1"))
    let test = try DatasetSource(path: folder.path, split: .test).open()
    #expect(test.count == 1)
    #expect(try test.image(at: 0).pixels == Array(rows[3072...]))

    try folder.write("cifar10_labels.js", "var labels=[1, 2];")
    #expect(failure(folder.path)?.kind == "damaged")
    try folder.write("cifar10_labels.js", "var labels=[1, x];")
    #expect(failure(folder.path)?.kind == "damaged")
    try folder.write("cifar10_labels.js", "no list")
    #expect(failure(folder.path)?.kind == "damaged")
    try folder.write("cifar10_labels.js", "var labels=[\(labels)];")
    try folder.write("cifar10_batch_2.png", Image(width: 10, height: 1, filledWith: .red).encodedPNG())
    #expect(failure(folder.path)?.kind == "damaged")
  }
}
