import EDNets
import Images

/// The stages of a network from the image down: names in the paper's manner, repeats, shapes, layers.
struct StageDiagram {
  private static let padding = 8.0
  private static let arrow = 15.0
  private static let between = 16.0

  private let theme: ChartTheme
  private let image: String
  private let rows: [StageTable.Row]
  /// Widths of the columns of layers; none for the path where no stage has one.
  private let layers: Double, path: Double
  /// Size in points.
  let width: Double, height: Double

  /// Measures the drawing.
  init(_ table: StageTable, input: String, theme: ChartTheme) {
    self.theme = theme
    image = input
    rows = table.rows
    let small = theme.smallStyle
    layers = rows.flatMap(\.transformation).map(small.width).max() ?? 0
    path = rows.flatMap(\.path).map(small.width).max() ?? 0
    let head = rows.map {
      theme.headStyle.width(of: Self.name($0)) + Self.between + small.width(of: Self.shape($0))
    }
    let body = 6 + layers + (path > 0 ? Self.between + 6 + path : 0)
    width = max(body, head.max() ?? 0) + 2 * Self.padding
    let heights = rows.map { Self.height($0, theme) + Self.arrow }
    height = heights.reduce(theme.headStyle.lineHeight + 8, +)
  }

  private static func name(_ row: StageTable.Row) -> String {
    row.repeats > 1 ? "\(row.name) × \(row.repeats)" : row.name
  }

  private static func shape(_ row: StageTable.Row) -> String { "\(row.size)×\(row.channels)" }

  private static func height(_ row: StageTable.Row, _ theme: ChartTheme) -> Double {
    let lines = max(row.transformation.count, row.path.count)
    return theme.headStyle.lineHeight + Double(lines) * theme.smallStyle.lineHeight + 12
  }

  /// Draws it with its left upper corner at a place.
  func draw(on canvas: inout Canvas, at origin: Place) {
    let (head, small) = (theme.headStyle, theme.smallStyle)
    let stroke = Stroke(color: theme.mutedText, width: 1)
    let middle = origin.x + width / 2
    let imageHeight = head.lineHeight + 8
    canvas.box(
      Area(x: origin.x, y: origin.y, width: width, height: imageHeight), [image], small, edge: theme.mutedText
    )
    var y = origin.y + imageHeight
    for row in rows {
      canvas.arrow([Place(x: middle, y: y), Place(x: middle, y: y + Self.arrow)], stroke)
      y += Self.arrow
      let area = Area(x: origin.x, y: y, width: width, height: Self.height(row, theme))
      canvas.outlined(area, edge: theme.axis, share: 0.1)
      let left = area.x + Self.padding
      canvas.text(Self.name(row), at: Place(x: left, y: y + 5 + head.size), head)
      canvas.text(
        Self.shape(row), at: Place(x: area.right - Self.padding, y: y + 5 + head.size), small, anchor: .end)
      let top = y + 6 + head.lineHeight
      list(row.transformation, at: Place(x: left, y: top), theme.series[0], on: &canvas)
      list(row.path, at: Place(x: left + 6 + layers + Self.between, y: top), theme.series[1], on: &canvas)
      y = area.bottom
    }
  }

  /// Lines behind a bar of their branch's colour.
  private func list(_ lines: [String], at place: Place, _ color: Color, on canvas: inout Canvas) {
    guard !lines.isEmpty else { return }
    let style = theme.smallStyle
    let height = Double(lines.count) * style.lineHeight
    canvas.rectangle(Area(x: place.x, y: place.y, width: 2, height: height - 1), color)
    for (index, line) in lines.enumerated() {
      let middle = place.y + (Double(index) + 0.5) * style.lineHeight
      canvas.text(line, around: Place(x: place.x + 6, y: middle), style, anchor: .start)
    }
  }
}
