import Files

/// Class names as people keep them: a text file with one name a line, in the order of the logits.
public enum ClassList {
  /// Reads such a file. White space around a name and empty lines at the end do not count.
  /// - Throws: `FileError`, or `ModelError.unreadable` for an empty line between names, which would be a class without
  ///   one.
  public static func read(_ path: String) throws -> [String] {
    let text = TextFile.names(in: try FileBytes.read(path, limit: 64 << 20))
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(trimmed)
    while lines.last == "" { lines.removeLast() }
    if let empty = lines.firstIndex(of: "") {
      let reason = "line \(empty + 1) is empty"
      throw ModelError.unreadable(path: path, part: "the list of classes", reason: reason)
    }
    return lines
  }

  private static func trimmed(_ line: Substring) -> String {
    var name = line.drop(while: \.isWhitespace)
    while name.last?.isWhitespace == true { name.removeLast() }
    return String(name)
  }
}
