import ClassNames
import Files

/// Class names as people keep them, in the order of the logits.
public enum ClassList {
  /// Reads a file in one of the forms of `ClassTable`, or the built-in names.
  /// - Throws: `FileError`, or `ModelError.unreadable`, such as for an empty line between names, which would be a class
  ///   without one.
  public static func read(_ path: String) throws -> [String] {
    do { return try ClassTable.read(path) } catch let error as ClassTable.Unreadable {
      throw ModelError.unreadable(path: path, part: "the list of classes", reason: error.reason)
    }
  }
}
