extension NetworkDescription {
  /// Reads a description. A shortcut that is not named is a projection, and a path that is not named is none; a key
  /// that is not known is an error, because a misspelt one would silently give another network.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      stem: try values.decode(Stem.self, forKey: .stem),
      transform: try values.decode(Transform.self, forKey: .transform),
      stages: try values.decode([Stage].self, forKey: .stages),
      shortcut: try values.decodeIfPresent(Shortcut.self, forKey: .shortcut) ?? .projection,
      path: try values.decodeIfPresent(Path.self, forKey: .path),
      classes: try values.decode(Int.self, forKey: .classes))
  }
}

extension NetworkDescription.Stem {
  /// Reads a stem; keys that are not known are an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      kernel: try values.decode(Int.self, forKey: .kernel),
      stride: try values.decode(Int.self, forKey: .stride),
      filters: try values.decode(Int.self, forKey: .filters),
      maxPool: try values.decode(Bool.self, forKey: .maxPool))
  }
}

extension NetworkDescription.Stage {
  /// Reads a stage; keys that are not known are an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      blocks: try values.decode(Int.self, forKey: .blocks),
      width: try values.decode(Int.self, forKey: .width),
      stride: try values.decode(Int.self, forKey: .stride))
  }
}

extension Decoder {
  /// Throws if the object has a key that `Keys` does not name.
  fileprivate func refuseKeys<Keys: CodingKey & CaseIterable>(otherThan: Keys.Type) throws {
    let known = Set(Keys.allCases.map(\.stringValue))
    let present = try container(keyedBy: AnyKey.self).allKeys
    guard let odd = present.first(where: { !known.contains($0.stringValue) }) else { return }
    throw UnknownKey(path: codingPath + [odd], known: Keys.allCases.map(\.stringValue))
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// A key in a JSON object that means nothing there.
struct UnknownKey: Error {
  let path: [any CodingKey]
  let known: [String]
}
