extension Decoder {
  /// Throws if the object has a key that `Keys` does not name: a misspelt one would silently do nothing.
  func refuseKeys<Keys: CodingKey & CaseIterable>(otherThan: Keys.Type) throws {
    try refuseKeys(otherThan: Keys.allCases.map(\.stringValue))
  }

  func refuseKeys(otherThan known: [String]) throws {
    let present = try container(keyedBy: AnyKey.self).allKeys
    guard let odd = present.first(where: { !known.contains($0.stringValue) }) else { return }
    throw DecodingError.dataCorrupted(
      DecodingError.Context(
        codingPath: codingPath + [odd],
        debugDescription:
          "'\(odd.stringValue)' means nothing here; known are \(known.joined(separator: ", "))"))
  }
}

/// A key by its name.
struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
