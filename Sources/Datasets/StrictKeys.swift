import Files

extension Decoder {
  /// Throws if the object has a key that `Keys` does not name.
  func refuseKeys<Keys: CodingKey & CaseIterable>(otherThan: Keys.Type) throws {
    guard let (odd, known) = try unknownKey(otherThan: Keys.self) else { return }
    throw DecodingError.dataCorrupted(
      DecodingError.Context(
        codingPath: codingPath + [odd],
        debugDescription:
          "'\(odd.stringValue)' means nothing here; known are \(known.joined(separator: ", "))"))
  }
}
