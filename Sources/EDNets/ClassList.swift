import Files

/// Class names as people keep them: a text file with one name a line, in the order of the logits.
public enum ClassList {
  /// Reads such a file; empty lines at its end do not count.
  /// - Throws: `FileError`.
  public static func read(_ path: String) throws -> [String] {
    let text = try MappedFile(path: path).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    while lines.last == "" { lines.removeLast() }
    return lines
  }
}
