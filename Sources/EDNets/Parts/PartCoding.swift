import Files

// A part is written as a mapping with its kind and its settings, `encoderDecoder: {groups: 32}`, or as the kind alone
// where all settings have a default: `basic`.

/// The kind of a part as a key.
private struct KindKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer {
  /// The part that a field holds, nil if it is missing or null.
  func part<Part>(_ key: Key, among kinds: [Any.Type], as: Part.Type) throws -> Part? {
    guard try contains(key) && !decodeNil(forKey: key) else { return nil }
    let decoder = try superDecoder(forKey: key)
    let types = kinds.compactMap { $0 as? any BlockPart.Type }
    func type(_ name: String) throws -> any BlockPart.Type {
      guard let found = types.first(where: { $0.kind == name }) else {
        throw UnknownField(field: FieldPath.text(decoder.codingPath, name), known: types.map { $0.kind })
      }
      return found
    }
    func mistake(_ reason: String) -> DecodingError {
      .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: reason))
    }
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let usual = try type(name).usual else { throw mistake("'\(name)' needs settings: {…}") }
      return usual as? Part
    }
    let names = try decoder.presentKeys()
    guard names.count == 1 else { throw mistake("one kind is named there, not \(names.count)") }
    let kind = try type(names[0])
    let settings = try decoder.container(keyedBy: KindKey.self).superDecoder(forKey: KindKey(names[0]))
    return try kind.init(from: settings) as? Part
  }
}

extension KeyedEncodingContainer {
  /// Writes a part under its kind.
  mutating func encode(part: any BlockPart, forKey key: Key) throws {
    var named = nestedContainer(keyedBy: KindKey.self, forKey: key)
    try part.encode(to: named.superEncoder(forKey: KindKey(type(of: part).kind)))
  }
}
