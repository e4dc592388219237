import Images

/// Names beside samples of their lines: in one row if they fit, else in columns of one width.
struct Legend {
  /// A line with its name.
  struct Entry: Hashable {
    var name: String
    var stroke: Stroke
  }

  let entries: [Entry]
  private let widths: [Double]
  let theme: ChartTheme

  /// Length of a sample, and its distance to the name.
  private static let (sample, gap) = (22.0, 6.0)

  /// One entry for each line that has a name.
  init(_ chart: LineChart, _ theme: ChartTheme) {
    var entries: [Entry] = []
    for series in chart.panels.flatMap(\.series) where !series.name.asOneLine.isEmpty {
      let entry = Entry(name: series.name.asOneLine, stroke: series.stroke(theme))
      if !entries.contains(entry) { entries.append(entry) }
    }
    if !chart.eventName.isEmpty, chart.panels.contains(where: { !$0.events.isEmpty }) {
      entries.append(Entry(name: chart.eventName, stroke: theme.eventStroke))
    }
    self.entries = entries
    self.theme = theme
    widths = entries.map { theme.labelStyle.width(of: $0.name) + Self.sample + Self.gap }
  }

  private var rowHeight: Double { theme.labelStyle.lineHeight * 1.15 }

  /// Width of all entries in one column.
  var width: Double { widths.max() ?? 0 }

  /// Between columns.
  private var columnGap: Double { theme.margin * 1.5 }

  /// Width that the entries take in a width.
  func usedWidth(in width: Double) -> Double {
    let (columns, rows) = grid(in: width)
    let gaps = columnGap * Double(columns - 1)
    return min(width, (rows == 1 ? widths.reduce(0, +) : self.width * Double(columns)) + gaps)
  }

  /// Columns that fit beside each other, and the rows that this makes.
  func grid(in width: Double) -> (columns: Int, rows: Int) {
    guard !entries.isEmpty else { return (0, 0) }
    if widths.reduce(-columnGap, { $0 + $1 + columnGap }) <= width { return (entries.count, 1) }
    let fitting = Int((width + columnGap) / (self.width + columnGap))
    let columns = min(max(1, fitting), entries.count)
    let rows = (entries.count + columns - 1) / columns
    // As few columns as make the same number of rows, so that the last row is not much shorter.
    return ((entries.count + rows - 1) / rows, rows)
  }

  /// Height in a width.
  func height(in width: Double) -> Double { Double(grid(in: width).rows) * rowHeight }

  /// Draws the entries row by row from the top left corner of an area.
  func draw(in area: Area, on canvas: inout Canvas) {
    let (columns, rows) = grid(in: area.width)
    guard columns > 0 else { return }
    let step = min(width + columnGap, (area.width + columnGap) / Double(columns))
    let room = rows == 1 && columns > 1 ? widths.max() ?? 0 : step - columnGap - Self.sample - Self.gap
    var rowX = area.x
    for (index, entry) in entries.enumerated() {
      let x = rows == 1 ? rowX : area.x + Double(index % columns) * step
      rowX += widths[index] + columnGap
      let y = area.y + (Double(index / columns) + 0.5) * rowHeight
      canvas.line(from: Place(x: x, y: y), to: Place(x: x + Self.sample, y: y), entry.stroke)
      canvas.text(
        theme.labelStyle.shortened(entry.name, to: room),
        around: Place(x: x + Self.sample + Self.gap, y: y), theme.labelStyle, anchor: .start)
    }
  }
}

extension LineChart.Series {
  func stroke(_ theme: ChartTheme) -> Stroke {
    let count = theme.series.count
    let index = ((color % count) + count) % count
    // A colour that comes again has dots between its dashes.
    let again = color >= count
    let dashes: [Double] =
      switch line {
      case .solid, .discs: again ? [7, 2, 1.5, 2] : []
      case .dashed: again ? [3, 2, 1, 2] : [4, 2.5]
      }
    return Stroke(color: theme.series[index], width: theme.lineWidth, dashes: dashes)
  }
}

extension ChartTheme {
  /// Lines at places where something happened.
  var eventStroke: Stroke { Stroke(color: axis, width: gridWidth * 1.2, dashes: [1.5, 2.5]) }
}
