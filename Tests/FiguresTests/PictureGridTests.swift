import Attention
import Images
import Testing

@testable import Figures

@Suite struct PictureGridTests {
  /// Everything that a layout places, by a name.
  private func areas(_ layout: PictureGridLayout) -> [(name: String, area: Area)] {
    layout.texts.map { ("text \($0.text)", $0.area) } + layout.pictures.map { ("picture", $0.area) }
      + layout.fields.map { ("field", $0) } + layout.bars.map { ("bar", $0.area) }
      + layout.rules.map { ("rule", $0) }
  }

  private func check(_ grid: PictureGrid, _ theme: ChartTheme = .light) {
    let layout = PictureGridLayout(grid, theme)
    let areas = areas(layout)
    for (index, one) in areas.enumerated() {
      let area = one.area
      #expect(area.x >= theme.margin - 0.01 && area.y >= theme.margin - 0.01, "\(one.name)")
      #expect(
        area.right <= layout.width - theme.margin + 0.01
          && area.bottom <= layout.height - theme.margin + 0.01,
        "\(one.name)")
      for other in areas[(index + 1)...] {
        let isApart =
          area.right <= other.area.x + 1e-6 || other.area.right <= area.x + 1e-6
          || area.bottom <= other.area.y + 1e-6 || other.area.bottom <= area.y + 1e-6
        #expect(isApart, "\(one.name) and \(other.name)")
      }
    }
    for picture in layout.pictures {
      let drawn = picture.area.width / picture.area.height
      let own = Double(picture.image.width) / Double(picture.image.height)
      // Half a point is the least height of a line of pixels.
      #expect(abs(drawn / own - 1) < 1e-9 || picture.area.height == 0.5)
    }
  }

  @Test(arguments: [40.0, 108, 300]) func nothingOverlapsOrLeavesTheSheet(cellWidth: Double) {
    var grid = Samples.grid
    grid.cellWidth = cellWidth
    check(grid)
    check(grid, .dark)
    grid.title = ""
    grid.groups = []
    check(grid)
    check(
      PictureGrid(title: Samples.hostileNames[0], rows: [PictureGrid.Row(cells: [PictureGrid.Cell(nil)])]))
    grid.rows = [
      PictureGrid.Row(label: Samples.hostileNames[0], cells: [PictureGrid.Cell(Samples.picture(9, 3))])
    ]
    check(grid)
  }

  /// The marks of the drawing are what the layout says, and a text is inside its area.
  @Test func drawingsFollowTheLayout() throws {
    let layout = PictureGridLayout(Samples.grid, .light)
    let marks = layout.canvas().marks
    let images = marks.compactMap {
      if case .image(let image, let area, _) = $0 { (image, area) } else { nil }
    }
    #expect(images.count == layout.pictures.count + layout.bars.count)
    #expect(zip(images, layout.pictures).allSatisfy { $0.0 == $1.image && $0.1 == $1.area })
    var texts = layout.texts[...]
    for case .text(let text, let place, let style, .start, false) in marks {
      let planned = try #require(texts.first)
      texts.removeFirst()
      #expect(text == planned.text && place.x == planned.area.x && style.size <= 13)
      #expect(
        place.y - style.size * 0.95 >= planned.area.y && place.y + style.size * 0.25 <= planned.area.bottom)
    }
    #expect(texts.isEmpty)
    let picture = try Samples.grid.canvas(theme: .dark).image(scale: 1)
    #expect(picture.width == Int(layout.width) && picture.height == Int(layout.height))
  }

  /// A picture of the size of its cell is not changed.
  @Test func picturesKeepTheirPixels() throws {
    let picture = Image(width: 96, height: 40, pixels: (0..<96 * 120).map { UInt8($0 % 253) })
    let row = PictureGrid.Row(cells: [
      PictureGrid.Cell(picture), PictureGrid.Cell(picture), PictureGrid.Cell(nil),
    ])
    let drawn = try PictureGrid(rows: [row], cellWidth: 96).canvas().image()
    #expect(drawn.width == 12 + 96 * 3 + 6 * 2 + 12 && drawn.height == 12 + 40 + 12)
    for x in [12, 114] { #expect(drawn.cropped(to: Box(x0: x, y0: 12, x1: x + 96, y1: 52)) == picture) }
  }

  /// From the low end of the colours on the left to the high end, with the values below the ends.
  @Test func barsSayWhatTheirEndsAre() throws {
    let bar = ColorBar(colorMap: .viridis, range: -2...5)
    #expect(bar.ramp.pixels.prefix(3) == [ColorMap.viridis[0]].flatMap { [$0.red, $0.green, $0.blue] }[...])
    var row = PictureGrid.Row(cells: [
      PictureGrid.Cell(Samples.picture(30, 20)), PictureGrid.Cell(Samples.picture(30, 20)),
    ])
    row.bars = [PictureGrid.Bar(columns: 1..<2, bar: bar)]
    let layout = PictureGridLayout(PictureGrid(rows: [row]), .light)
    let (low, high) = (try #require(layout.texts.first), try #require(layout.texts.last))
    #expect(low.text == "−2" && high.text == "5")
    let area = layout.bars[0].area
    #expect(
      area.x == layout.pictures[1].area.x && low.area.x == area.x && abs(high.area.right - area.right) < 1e-9)
  }
}
