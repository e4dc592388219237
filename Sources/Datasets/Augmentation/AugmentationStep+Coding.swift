import Files

extension AugmentationStep: Codable {
  private enum Name: String, CaseIterable, CodingKey {
    case randomResizedCrop, padAndCrop, horizontalFlip, colorJitter, resizeShortSide, resizeSquare, centerCrop
  }

  private enum SizeKey: String, CaseIterable, CodingKey {
    case size
  }

  /// Reads `horizontalFlip` or `horizontalFlip: {probability: 0.3}`.
  public init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      guard Name(rawValue: word) == .horizontalFlip else {
        let reason = Name(rawValue: word) == nil ? Self.unknown(word) : "'\(word)' needs settings: {…}"
        throw Self.failure(decoder, reason)
      }
      self = .horizontalFlip(HorizontalFlip())
      return
    }
    let names = try decoder.presentKeys()
    guard names.count == 1 else {
      throw Self.failure(
        decoder, "a step has one name, but this has \(names.sorted().joined(separator: ", "))")
    }
    guard let name = Name(rawValue: names[0]) else { throw Self.failure(decoder, Self.unknown(names[0])) }
    let container = try decoder.container(keyedBy: Name.self)
    func size() throws -> Int {
      let settings = try container.superDecoder(forKey: name)
      try settings.refuseKeys(otherThan: SizeKey.self)
      return try settings.container(keyedBy: SizeKey.self).decode(Int.self, forKey: .size)
    }
    switch name {
    case .randomResizedCrop:
      self = .randomResizedCrop(try container.decode(RandomResizedCrop.self, forKey: name))
    case .padAndCrop: self = .padAndCrop(try container.decode(PadAndCrop.self, forKey: name))
    case .horizontalFlip: self = .horizontalFlip(try container.decode(HorizontalFlip.self, forKey: name))
    case .colorJitter: self = .colorJitter(try container.decode(ColorJitter.self, forKey: name))
    case .resizeShortSide: self = .resizeShortSide(size: try size())
    case .resizeSquare: self = .resizeSquare(size: try size())
    case .centerCrop: self = .centerCrop(size: try size())
    }
  }

  /// Writes a step's name with its settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    func write(size: Int, _ name: Name) throws {
      var settings = container.nestedContainer(keyedBy: SizeKey.self, forKey: name)
      try settings.encode(size, forKey: .size)
    }
    switch self {
    case .randomResizedCrop(let crop): try container.encode(crop, forKey: .randomResizedCrop)
    case .padAndCrop(let crop): try container.encode(crop, forKey: .padAndCrop)
    case .horizontalFlip(let flip): try container.encode(flip, forKey: .horizontalFlip)
    case .colorJitter(let jitter): try container.encode(jitter, forKey: .colorJitter)
    case .resizeShortSide(let size): try write(size: size, .resizeShortSide)
    case .resizeSquare(let size): try write(size: size, .resizeSquare)
    case .centerCrop(let size): try write(size: size, .centerCrop)
    }
  }

  private static func unknown(_ name: String) -> String {
    "there is no step '\(name)'; known are \(Name.allCases.map(\.rawValue).joined(separator: ", "))"
  }

  private static func failure(_ decoder: any Decoder, _ reason: String) -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: reason))
  }
}
