import Attention
import Figures
import Images
import Testing

@Suite struct FigureTests {
  private let photograph = Image(width: 30, height: 20, pixels: (0..<1800).map { UInt8($0 % 251) })
  private let map = FloatMap(width: 3, height: 2, values: [0, 1, 2, 3, 4, 5])

  /// A single map is the photograph's size and exactly resize, scale, colour, blend.
  @Test func overlayFollowsTheStatedOrder() {
    let style = HeatmapStyle(colorMap: .jet, alpha: 0.4)
    let figure = HeatmapFigure(photograph: photograph, maps: [("output", map)], style: style)
    let colored = map.resized(width: 30, height: 20).colored(with: .jet)
    #expect(figure.maps == colored)
    #expect(figure.overlay == photograph.blended(with: colored, alpha: 0.4))
    #expect(figure.ranges == [0...5])
  }

  @Test func sharedScaleSpansAllMaps() {
    let other = FloatMap(width: 1, height: 1, values: [-7])
    let maps = [("a", map), ("b", other)].map { (title: $0.0, map: $0.1) }
    let shared = HeatmapFigure(photograph: photograph, maps: maps, style: HeatmapStyle(scale: .shared))
    #expect(shared.ranges == [-7...5, -7...5])
    let own = HeatmapFigure(photograph: photograph, maps: maps, style: HeatmapStyle())
    #expect(own.ranges == [0...5, -7 ... -7])
    let fixed = HeatmapFigure(photograph: photograph, maps: maps, style: HeatmapStyle(scale: .fixed(-1...1)))
    #expect(fixed.ranges == [-1...1, -1...1])
    let diverging = HeatmapFigure(
      photograph: photograph, maps: maps, style: HeatmapStyle(colorMap: .blueWhiteRed))
    #expect(diverging.ranges == [-5...5, -7...7])
  }

  /// Pictures stand unchanged in a row, whatever is written around them.
  @Test func panelsKeepTheirPixels() {
    let bar = ColorBar(colorMap: .viridis, range: -12.5...1300)
    let row = PanelRow([
      PanelRow.Panel(title: "photograph", image: photograph),
      PanelRow.Panel(title: "a title much longer than its picture is wide", image: photograph, colorBar: bar),
    ]).image()
    #expect(row.width > 60 && row.height > 20)
    var found = 0
    for y in 0...(row.height - 20) {
      for x in 0...(row.width - 30)
      where row.cropped(to: Box(x0: x, y0: y, x1: x + 30, y1: y + 20)) == photograph {
        found += 1
      }
    }
    #expect(found == 2)
  }

  @Test func scalesAreReadAndWritten() {
    #expect(HeatmapScale("per-map") == .perMap && HeatmapScale("shared") == .shared)
    #expect(HeatmapScale("-1.5:2") == .fixed(-1.5...2))
    for text in ["", "1", "2:1", "1:1", "a:b", "1:2:3", "nan:1", ":"] { #expect(HeatmapScale(text) == nil) }
  }
}
