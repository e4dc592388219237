import Images

/// Why a map may show nothing that can be trusted.
public enum MapCondition: String, Sendable, Hashable, Codable {
  /// All values are zero: the network saw nothing.
  case blank
  /// All values are equal: a colour says nothing.
  case constant
  /// Some values are NaN or infinite.
  case nonFinite

  /// What is wrong with a map, if anything.
  public init?(of map: FloatMap) {
    if map.values.contains(where: { !$0.isFinite }) {
      self = .nonFinite
    } else if let first = map.values.first, map.values.allSatisfy({ $0 == first }) {
      self = first == 0 ? .blank : .constant
    } else {
      return nil
    }
  }

  /// A sentence's end: "the map …".
  public var explanation: String {
    switch self {
    case .blank: "is zero everywhere"
    case .constant: "is the same everywhere"
    case .nonFinite: "holds values that are not finite"
    }
  }
}
