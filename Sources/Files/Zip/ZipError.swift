/// What can be wrong with a zip archive. Whoever opens it knows its name, and says so in an error of their own.
package enum ZipError: Error, Equatable, Sendable {
  /// The file ends inside `part`.
  case truncated(part: String)
  /// `part` does not follow the format.
  case malformed(part: String, reason: String)
  /// Two entries have one name.
  case duplicateName(String)
  /// The entry is encrypted.
  case encrypted(entry: String)
  /// The entry is packed by another method than the ones that can be read.
  case packed(entry: String)
}
