import Attention
import Images

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
    let ranges = style.ranges(of: maps.map { ($0.map, photograph) })
    var overlays: [PanelRow.Panel] = []
    var alone: [PanelRow.Panel] = []
    // One map after another: at a camera's resolution each takes a hundred megabytes on its way.
    for (index, entry) in maps.enumerated() {
      let colored = entry.map.resized(width: photograph.width, height: photograph.height)
        .colored(with: style.colorMap, scale: ranges[index])
      let title = maps.count > 1 ? entry.title : nil
      let bar = style.showsColorBar ? ColorBar(colorMap: style.colorMap, range: ranges[index]) : nil
      overlays.append(
        PanelRow.Panel(
          title: title, image: photograph.blended(with: colored, alpha: style.alpha), colorBar: bar))
      alone.append(PanelRow.Panel(title: title, image: colored, colorBar: bar))
    }
    if maps.count > 1 { overlays.insert(PanelRow.Panel(title: "photograph", image: photograph), at: 0) }
    overlay = PanelRow(overlays).image()
    self.maps = PanelRow(alone).image()
    self.ranges = ranges
  }
}
