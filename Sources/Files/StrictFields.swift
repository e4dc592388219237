/// The fields of a mapping that a user wrote: unknown ones are refused, because a misspelt one would silently do
/// nothing; missing ones take their default.
package struct StrictFields<Key: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Key>

  /// - Throws: `UnknownField`.
  package init(_ decoder: any Decoder, _ keys: Key.Type) throws {
    try decoder.refuseKeys(otherThan: keys)
    container = try decoder.container(keyedBy: keys)
  }

  /// True if the field is there, be it null.
  package func has(_ key: Key) -> Bool { container.contains(key) }

  /// The field's value, or its default if it is missing or null.
  package func value<Value: Decodable>(_ key: Key, default value: @autoclosure () -> Value) throws -> Value {
    try container.decodeIfPresent(Value.self, forKey: key) ?? value()
  }

  /// The field's value, or nil if it is missing or null.
  package func optional<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
    try container.decodeIfPresent(type, forKey: key)
  }

  /// The field's value.
  package func required<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
    try container.decode(type, forKey: key)
  }

  /// A decoder of the field's value.
  package func decoder(_ key: Key) throws -> any Decoder { try container.superDecoder(forKey: key) }
}

/// A field that means nothing where it stands.
package struct UnknownField: Error, CustomStringConvertible {
  /// Its path: `stages[0].filters`.
  package let field: String
  /// The names that mean something there.
  package let known: [String]

  /// - Parameter known: the names that mean something there.
  package init(field: String, known: [String]) {
    self.field = field
    self.known = known
  }

  /// The end of a sentence.
  package var description: String {
    "\(field) means nothing there; known are \(known.joined(separator: ", "))"
  }
}

/// Fields as sentences name them: `data.train.path`, `augmentation[2]`.
package enum FieldPath {
  /// The path, with one more key at its end.
  package static func text(_ path: [any CodingKey], _ last: String? = nil) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue { text += "[\(index)]" } else { append(key.stringValue, to: &text) }
    }
    if let last { append(last, to: &text) }
    return text
  }

  private static func append(_ name: String, to text: inout String) {
    text += text.isEmpty ? name : "." + name
  }
}
