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
}

/// The heatmaps of one photograph.
public struct HeatmapFigure: Sendable {
  /// The photograph under its maps; with several, the photograph and one panel for each.
  public let overlay: Image
  /// The maps alone, at the photograph's size.
  public let maps: Image
  /// For each map, the values that the ends of the colours stand for.
  public let ranges: [ClosedRange<Float>]

  /// Draws maps over the part of a photograph that the network saw: resize the map, scale, colour, blend.
  /// - Parameter photograph: that part, at the resolution of the result.
  public init(photograph: Image, maps: [(title: String, map: FloatMap)], style: HeatmapStyle) {
    let resized = maps.map { $0.map.resized(width: photograph.width, height: photograph.height) }
    let own = resized.map { style.colorMap == .blueWhiteRed ? $0.symmetricRange : $0.range }
    let ranges: [ClosedRange<Float>]
    switch style.scale {
    case .perMap: ranges = own
    case .fixed(let range): ranges = own.map { _ in range }
    case .shared:
      let low = own.map(\.lowerBound).min() ?? 0
      let high = own.map(\.upperBound).max() ?? 0
      ranges = own.map { _ in low...high }
    }
    let colored = zip(resized, ranges).map { $0.colored(with: style.colorMap, scale: $1) }
    let bars = ranges.map { style.showsColorBar ? ColorBar(colorMap: style.colorMap, range: $0) : nil }
    let titles = maps.count > 1 ? maps.map { Optional($0.title) } : maps.map { _ in nil }

    func row(_ images: [Image], leading: [PanelRow.Panel]) -> Image {
      let panels = images.indices.map {
        PanelRow.Panel(title: titles[$0], image: images[$0], colorBar: bars[$0])
      }
      return PanelRow(leading + panels).image()
    }
    let leading = maps.count > 1 ? [PanelRow.Panel(title: "photograph", image: photograph)] : []
    overlay = row(colored.map { photograph.blended(with: $0, alpha: style.alpha) }, leading: leading)
    self.maps = row(colored, leading: [])
    self.ranges = ranges
  }
}
