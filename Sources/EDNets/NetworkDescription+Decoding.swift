import Files

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
    guard let (odd, known) = try unknownKey(otherThan: Keys.self) else { return }
    throw UnknownKey(path: codingPath + [odd], known: known)
  }
}

/// A key in a JSON object that means nothing there.
struct UnknownKey: Error {
  let path: [any CodingKey]
  let known: [String]
}
