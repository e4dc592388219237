import Images

/// Where everything of a grid stands: areas that lie in the sheet and do not overlap.
struct PictureGridLayout {
  /// A line of text, and the area that it takes.
  struct Text {
    let text: String
    let style: TextStyle
    let area: Area
  }

  /// A picture, and where it stands.
  struct Picture {
    let image: Image
    let area: Area
    let isSmooth: Bool
  }

  private(set) var texts: [Text] = []
  private(set) var pictures: [Picture] = []
  /// Cells without a picture.
  private(set) var fields: [Area] = []
  private(set) var bars: [(bar: ColorBar, area: Area)] = []
  /// Lines below the headings of groups.
  private(set) var rules: [Area] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  private let grid: PictureGrid
  private let theme: ChartTheme
  private var left = 0.0

  /// Names longer than this are shortened.
  private static let widestLabel = 110.0
  private static let barHeight = 5.0
  /// A grid of few columns is as wide as this for the sake of its title.
  private static let leastWidth = 240.0

  init(_ grid: PictureGrid, _ theme: ChartTheme) {
    (self.grid, self.theme) = (grid, theme)
    let columns = grid.rows.map(\.cells.count).max() ?? 0
    let labels = grid.rows.map { theme.labelStyle.shortened($0.label, to: Self.widestLabel) }
    let widest = labels.map(theme.labelStyle.width).max() ?? 0
    left = (theme.margin + (widest > 0 ? widest + theme.margin * 0.7 : 0)).rounded(.up)
    let used = left + Double(columns) * (grid.cellWidth + grid.gap) - grid.gap + theme.margin
    width = max(used, Self.leastWidth)
    left += ((width - used) / 2).rounded(.down)

    var y = placeTitle()
    y = placeGroups(at: y)
    for (index, row) in grid.rows.enumerated() {
      y = place(row, label: labels[index], at: y) + grid.gap
    }
    y = placeFootnote(at: y - grid.gap)
    height = (y + theme.margin).rounded(.up)
  }

  private func x(_ column: Int) -> Double { left + Double(column) * (grid.cellWidth + grid.gap) }

  private func span(_ columns: Range<Int>) -> (x: Double, width: Double) {
    let count = Double(columns.count)
    return (x(columns.lowerBound), count * grid.cellWidth + (count - 1) * grid.gap)
  }

  /// Notes an area for a line of text, `anchor` of it at `x`.
  private mutating func place(
    _ text: String, _ style: TextStyle, x: Double, y: Double, anchor: TextAnchor, room: Double
  ) {
    let text = style.shortened(text, to: room)
    guard !text.isEmpty else { return }
    let width = style.width(of: text)
    let start =
      switch anchor {
      case .start: x
      case .middle: x - width / 2
      case .end: x - width
      }
    texts.append(
      Text(text: text, style: style, area: Area(x: start, y: y, width: width, height: style.lineHeight)))
  }

  private mutating func placeTitle() -> Double {
    var y = theme.margin
    let lines = theme.titleStyle.wrapped(grid.title, to: width - 2 * theme.margin, limit: 3)
    for line in lines {
      place(line, theme.titleStyle, x: theme.margin, y: y, anchor: .start, room: .infinity)
      y += theme.titleStyle.lineHeight
    }
    return lines.isEmpty ? y : y + theme.margin * 0.5
  }

  private mutating func placeGroups(at y: Double) -> Double {
    guard !grid.groups.isEmpty else { return y }
    for group in grid.groups {
      let (start, room) = span(group.columns)
      place(group.title, theme.labelStyle, x: start + room / 2, y: y, anchor: .middle, room: room)
      let rule = Area(x: start, y: y + theme.labelStyle.lineHeight, width: room, height: theme.gridWidth)
      rules.append(rule)
    }
    return y + theme.labelStyle.lineHeight + theme.gridWidth + theme.margin * 0.3
  }

  private mutating func place(_ row: PictureGrid.Row, label: String, at top: Double) -> Double {
    var y = top
    let caption = theme.labelStyle
    if row.cells.contains(where: { !$0.caption.asOneLine.isEmpty }) {
      for (column, cell) in row.cells.enumerated() {
        place(
          cell.caption, caption, x: x(column) + grid.cellWidth / 2, y: y, anchor: .middle,
          room: grid.cellWidth)
      }
      y += caption.lineHeight
    }
    let sizes = row.cells.map { $0.image.map { PictureGrid.size(of: $0, cellWidth: grid.cellWidth) } }
    let pictured = sizes.compactMap { $0?.height }.max() ?? grid.cellWidth * 0.75
    let height = max(pictured, label.isEmpty ? 0 : caption.lineHeight)
    place(
      label, caption, x: left - theme.margin * 0.7, y: y + (height - caption.lineHeight) / 2, anchor: .end,
      room: Self.widestLabel + 1)
    for (column, cell) in row.cells.enumerated() {
      guard let image = cell.image, let size = sizes[column] else {
        fields.append(Area(x: x(column), y: y, width: grid.cellWidth, height: height))
        continue
      }
      let area = Area(
        x: x(column) + (grid.cellWidth - size.width) / 2, y: y + (height - size.height) / 2,
        width: size.width,
        height: size.height)
      // Enlarged pixels stay pixels: a small picture looks as the network sees it.
      pictures.append(Picture(image: image, area: area, isSmooth: Double(image.width) > size.width / 2))
    }
    return placeBelow(row, at: y + height)
  }

  /// Bars, and notes beside or below them.
  private mutating func placeBelow(_ row: PictureGrid.Row, at top: Double) -> Double {
    let (small, y) = (theme.tickStyle, top + 3)
    var bottom = top
    for bar in row.bars {
      place(bar, at: y)
      bottom = y + Self.barHeight + 1 + small.lineHeight
    }
    for (column, cell) in row.cells.enumerated() where !cell.note.asOneLine.isEmpty {
      let isBelow = row.bars.contains { $0.columns.contains(column) }
      let line = y + (isBelow ? Self.barHeight + 1 + small.lineHeight : 0)
      place(
        cell.note, small, x: x(column) + grid.cellWidth / 2, y: line, anchor: .middle, room: grid.cellWidth)
      bottom = max(bottom, line + small.lineHeight)
    }
    return bottom
  }

  /// A bar with the values of its ends below it; over several columns it is two of them wide, in their middle.
  private mutating func place(_ bar: PictureGrid.Bar, at y: Double) {
    let (start, room) = span(bar.columns)
    let width = min(room, 2 * grid.cellWidth)
    let x = start + (room - width) / 2
    bars.append((bar.bar, Area(x: x, y: y, width: width, height: Self.barHeight)))
    var style = theme.tickStyle
    let labels = [bar.bar.labels[2], bar.bar.labels[0]]
    let needed = labels.map(style.width).reduce(0, +) + style.size
    if needed > width { style.size *= width / needed }
    let top = y + Self.barHeight + 1
    place(labels[0], style, x: x, y: top, anchor: .start, room: .infinity)
    place(labels[1], style, x: x + width, y: top, anchor: .end, room: .infinity)
  }

  private mutating func placeFootnote(at y: Double) -> Double {
    let style = theme.tickStyle
    let lines = style.wrapped(grid.footnote, to: width - 2 * theme.margin, limit: 4)
    guard !lines.isEmpty else { return y }
    var y = y + theme.margin * 0.6
    for line in lines {
      place(line, style, x: theme.margin, y: y, anchor: .start, room: .infinity)
      y += style.lineHeight
    }
    return y
  }

  func canvas() -> Canvas {
    var canvas = Canvas(width: width, height: height, background: theme.background)
    for field in fields { canvas.rectangle(field, theme.grid) }
    for rule in rules { canvas.rectangle(rule, theme.axis) }
    for picture in pictures { canvas.image(picture.image, in: picture.area, isSmooth: picture.isSmooth) }
    for (bar, area) in bars { canvas.image(bar.ramp, in: area) }
    for text in texts {
      canvas.text(text.text, at: Place(x: text.area.x, y: text.area.y + text.style.size * 1.03), text.style)
    }
    return canvas
  }
}
