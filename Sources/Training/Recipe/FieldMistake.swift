/// A field whose value cannot be used.
struct FieldMistake: Error, Hashable {
  let field: String
  /// The end of a sentence: "must be from 0 to 1, not 2".
  let reason: String

  init(_ field: String, _ reason: String) {
    self.field = field
    self.reason = reason
  }
}
