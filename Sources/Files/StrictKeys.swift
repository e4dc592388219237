/// What every reader of settings does first: a misspelt key would silently do nothing.
extension Decoder {
  /// The names of the keys of the mapping that is read.
  /// - Throws: `DecodingError` if it is no mapping.
  package func presentKeys() throws -> [String] {
    try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
  }

  /// A key of the mapping that `Keys` does not name; nil if there is none.
  package func unknownKey<Keys: CodingKey & CaseIterable>(
    otherThan: Keys.Type
  ) throws -> (key: any CodingKey, known: [String])? {
    let known = Keys.allCases.map(\.stringValue)
    return try presentKeys().first { !known.contains($0) }.map { (AnyKey(stringValue: $0), known) }
  }

  /// - Throws: `UnknownField` for a key of the mapping that `Keys` does not name.
  package func refuseKeys<Keys: CodingKey & CaseIterable>(otherThan: Keys.Type) throws {
    guard let (odd, known) = try unknownKey(otherThan: Keys.self) else { return }
    throw UnknownField(field: FieldPath.text(codingPath, odd.stringValue), known: known)
  }
}

/// A key by its name.
private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
