import Attention
import Images

/// How the values of maps become colours.
public enum HeatmapScale: Hashable, Sendable {
  /// Each map from its least to its largest value.
  case perMap
  /// All maps of a picture from the least to the largest value of any, so that they can be compared.
  case shared
  /// From a value to another.
  case fixed(ClosedRange<Float>)

  /// Reads `per-map`, `shared` or `MIN:MAX`; nil for anything else.
  public init?(_ text: String) {
    switch text {
    case "per-map": self = .perMap
    case "shared": self = .shared
    default:
      let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { Float($0) }
      guard ends.count == 2, let low = ends[0], let high = ends[1], low.isFinite, high.isFinite, low < high
      else {
        return nil
      }
      self = .fixed(low...high)
    }
  }

  /// How it is written on the command line.
  public var name: String {
    switch self {
    case .perMap: "per-map"
    case .shared: "shared"
    case .fixed(let range): "\(range.lowerBound):\(range.upperBound)"
    }
  }
}

/// How heatmaps are drawn.
public struct HeatmapStyle: Sendable {
  /// The colours.
  public var colorMap: ColorMap
  /// Share of the colours in the mixture with the photograph, from 0 to 1.
  public var alpha: Double
  /// What the ends of the colours stand for.
  public var scale: HeatmapScale
  /// Whether colour bars with the values stand beside the maps.
  public var showsColorBar: Bool

  /// Jet over half of the photograph, each map by itself, as the paper draws them.
  public init(
    colorMap: ColorMap = .jet, alpha: Double = 0.5, scale: HeatmapScale = .perMap, showsColorBar: Bool = false
  ) {
    self.colorMap = colorMap
    self.alpha = alpha
    self.scale = scale
    self.showsColorBar = showsColorBar
  }

  /// The values that the ends of the colours stand for on each of some maps that belong together, once they have the
  /// sizes of their photographs.
  public func ranges(of maps: [(map: FloatMap, photograph: Image)]) -> [ClosedRange<Float>] {
    if case .fixed(let range) = scale { return maps.map { _ in range } }
    let own = maps.map { map, photograph in
      let resized = map.resized(width: photograph.width, height: photograph.height)
      return colorMap == .blueWhiteRed ? resized.symmetricRange : resized.range
    }
    guard scale == .shared else { return own }
    let low = own.map(\.lowerBound).min() ?? 0
    let high = own.map(\.upperBound).max() ?? 0
    return own.map { _ in low...high }
  }
}
