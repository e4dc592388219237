import Files

/// What came of each input of a run, which may have a million of them: encoded at once, and what is more than a few
/// megabytes kept in a nameless file until the manifest is written.
public final class InputRecords {
  /// How many there are.
  public private(set) var count = 0
  /// What is kept in memory at most, in bytes.
  private let limit: Int
  /// Where the file would lie.
  private let folder: String
  private var recent: [UInt8] = []
  private var file: AtomicFile?

  /// No records.
  /// - Parameters:
  ///   - folder: the file, if one is needed, lies where this folder does.
  ///   - limit: bytes that are kept in memory.
  public init(folder: String, limit: Int = 4 << 20) {
    self.folder = folder
    self.limit = limit
  }

  /// Adds a record.
  /// - Throws: `FileError`, `EncodingError`.
  public func append(_ input: Manifest.Input) throws {
    recent += Array((count == 0 ? "\n" : ",\n").utf8)
    recent += Manifest.indented(try Manifest.encoded(input), by: 4)
    count += 1
    // A run without results leaves no folder, so none is made here.
    guard recent.count > limit, Folders.kind(of: folder) == .folder else { return }
    let file = try file ?? AtomicFile(path: folder + "/" + ResultFolder.manifestName)
    try recent.withUnsafeBytes { try file.write($0) }
    self.file = file
    recent = []
  }

  /// Hands on the elements of a JSON array, as a manifest has them, piece by piece.
  func visit(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try file?.visit(body)
    try recent.withUnsafeBytes { try body($0) }
  }
}

extension Manifest {
  /// The record as `encoded` gives it, with these inputs in place of its own, piece by piece.
  public func encode(
    inputs records: InputRecords, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var frame = self
    frame.inputs = []
    let text = try frame.encoded()
    // Only a key of the outermost object stands so.
    let key = Array("\n  \"inputs\" : [".utf8)
    guard records.count > 0,
      let start = text.indices.first(where: { text[$0...].starts(with: key) }).map({ $0 + key.count }),
      let end = text[start...].firstIndex(of: UInt8(ascii: "]"))
    else { return try text.withUnsafeBytes { try body($0) } }
    try text.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<start])) }
    try records.visit(body)
    try (Array("\n  ".utf8) + text[end...]).withUnsafeBytes { try body($0) }
  }

  /// Puts spaces before each line that is not empty.
  static func indented(_ text: [UInt8], by count: Int) -> [UInt8] {
    let newline = UInt8(ascii: "\n")
    let indent = [UInt8](repeating: UInt8(ascii: " "), count: count)
    var result: [UInt8] = []
    result.reserveCapacity(text.count * 5 / 4)
    for line in text.split(separator: newline, omittingEmptySubsequences: false) {
      if !result.isEmpty { result.append(newline) }
      if !line.isEmpty { result += indent + line }
    }
    return result
  }
}
