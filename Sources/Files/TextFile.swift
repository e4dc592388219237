/// Text that someone wrote with a program of theirs: in UTF-8 or, as the byte order mark at its beginning says then, in
/// UTF-16. The mark is no part of the text.
public enum TextFile {
  /// The text of a file whose every character matters: settings, descriptions.
  /// - Throws: `FileError`, also for bytes that are no UTF-8.
  public static func read(_ path: String, limit: Int) throws(FileError) -> String {
    try text(of: try FileBytes.read(path, limit: limit), path: path)
  }

  /// The text in the bytes of a file that errors call `path`.
  /// - Throws: `FileError.unreadable` naming the first line that is no UTF-8.
  public static func text(of bytes: some Collection<UInt8>, path: String) throws(FileError) -> String {
    if let text = wideText(bytes) { return text }
    let rest = unmarked(bytes)
    if let text = String(validating: rest, as: UTF8.self) { return text }
    let lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
    throw .unreadable(path: path, reason: "line \(line + 1) is not UTF-8; save it in that encoding")
  }

  /// The text of a list of names. Bytes that are no UTF-8 stand as in `Paths.text`, so that the files of such names are
  /// found, and so does what steers a terminal; line ends and tabulators stay.
  public static func names(in bytes: some Collection<UInt8>) -> String {
    wideText(bytes).map { Paths.shown($0, keepsLines: true) } ?? Paths.lines(unmarked(bytes))
  }

  /// Names, one on each line, each as in `Paths.text`; or ended by NUL, which no name can hold, as `find -print0` writes
  /// them.
  static func nameLines(in bytes: [UInt8]) -> [String] {
    if let text = wideText(bytes) {
      return text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }).map { Paths.shown(String($0)) }
    }
    guard !bytes.contains(0) else { return bytes.split(separator: 0).map { Paths.text($0) } }
    return unmarked(bytes).split(separator: UInt8(ascii: "\n")).compactMap { line in
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      return line.isEmpty ? nil : Paths.text(line)
    }
  }

  private static func unmarked<Bytes: Collection<UInt8>>(_ bytes: Bytes) -> Bytes.SubSequence {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
  }

  /// The text if a mark says that it is UTF-16.
  private static func wideText(_ bytes: some Collection<UInt8>) -> String? {
    let isLittle = bytes.starts(with: [0xFF, 0xFE])
    guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else { return nil }
    let content = Array(bytes.dropFirst(2))
    let units = stride(from: 0, to: content.count - 1, by: 2).map { at -> UInt16 in
      let (first, second) = (UInt16(content[at]), UInt16(content[at + 1]))
      return isLittle ? first | second << 8 : first << 8 | second
    }
    return String(decoding: units, as: UTF16.self)
  }
}
