@testable import Files

/// A reader of bytes that anybody may have made, as the fuzzer and the tests of what it found run it.
struct FuzzTarget: Sendable {
  /// What folders, scripts and tables call it.
  let name: String
  /// Files to begin with, as patterns from the root of the repository.
  let seeds: [String]
  /// Bytes of the longest input that is tried.
  let longest: Int
  /// What the fuzzer cannot guess, such as the names of fields.
  let words: [String]
  /// Reads one input to its end. An error is an answer, too; a trap, a hang or more memory than is allowed is none.
  let read: @Sendable (_ bytes: [UInt8]) throws -> Void

  init(
    _ name: String, seeds: [String] = [], words: [String] = [], longest: Int = 4096,
    read: @escaping @Sendable (_ bytes: [UInt8]) throws -> Void
  ) {
    self.name = name
    self.seeds = seeds
    self.words = words
    self.longest = longest
    self.read = read
  }

  /// Every target. A new one is a file in this folder and a line here.
  static let all = [
    safetensors, pyTorchArchive, pyTorchLegacy, pickle, zipArchive, pictureArchive, jpeg, png, webp, tiff,
    gif, bmp, pnm,
    maskFile, exif, numPy, recipe, annotations,
    networkYAML, networkJSON, modelName, boxes, birds, classes, pictureList, csv, scores, epochs, evaluation,
    training, manifest,
  ]

  /// The target of a name.
  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

  /// Gives `body` the path of a file that holds these bytes, for readers that want a path; the file's folder is
  /// removed afterwards.
  static func withFile<Result>(
    _ bytes: [UInt8], _ name: String, _ body: (_ path: String) throws -> Result
  ) throws -> Result {
    try withFiles([(name, bytes)]) { try body("\($0)/\(name)") }
  }

  /// The same with several files in one folder.
  static func withFiles<Result>(
    _ files: [(name: String, bytes: [UInt8])], _ body: (_ folder: String) throws -> Result
  ) throws -> Result {
    let folder = try TemporaryFolder()
    for file in files { try AtomicFile.write(file.bytes, to: "\(folder.path)/\(file.name)") }
    defer { withExtendedLifetime(folder) {} }
    return try body(folder.path)
  }

  /// The parts of an input that zeros stand between: for what is read from several files.
  static func parts(_ bytes: [UInt8], atMost count: Int) -> [[UInt8]] {
    bytes.split(separator: 0, maxSplits: count - 1, omittingEmptySubsequences: false).map(Array.init)
  }
}
