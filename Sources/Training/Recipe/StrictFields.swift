import Files

/// The fields of a mapping in a recipe: unknown ones are refused, missing ones take their default.
struct StrictFields<Key: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Key>

  /// - Throws: `UnknownField`.
  init(_ decoder: any Decoder, _ keys: Key.Type) throws {
    if let (odd, known) = try decoder.unknownKey(otherThan: Key.self) {
      throw UnknownField(field: FieldPath.text(decoder.codingPath, odd.stringValue), known: known)
    }
    container = try decoder.container(keyedBy: keys)
  }

  /// True if the field is there, be it null.
  func has(_ key: Key) -> Bool { container.contains(key) }

  /// The field's value, or its default if it is missing or null.
  func value<Value: Decodable>(_ key: Key, default value: @autoclosure () -> Value) throws -> Value {
    try container.decodeIfPresent(Value.self, forKey: key) ?? value()
  }

  /// The field's value, or nil if it is missing or null.
  func optional<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
    try container.decodeIfPresent(type, forKey: key)
  }

  /// The field's value.
  func required<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
    try container.decode(type, forKey: key)
  }
}

/// A field that means nothing where it stands.
struct UnknownField: Error {
  let field: String
  let known: [String]
}

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

/// Fields as sentences name them: `data.train.path`, `augmentation[2]`.
enum FieldPath {
  static func text(_ path: [any CodingKey], _ last: String? = nil) -> String {
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
