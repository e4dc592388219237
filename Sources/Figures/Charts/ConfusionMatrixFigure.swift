import Images

/// What a classifier took for what: a heat map with a row for each true class and a column for each class that was
/// said.
///
/// Colours show the share of the row, by its square root, so that rare confusions are seen beside the diagonal. Up to 20
/// classes have their counts in the cells.
public struct ConfusionMatrixFigure: Sendable {
  /// Examples, [true class][said class].
  public let counts: [[Int]]
  /// Names of the classes.
  public let names: [String]
  /// Above the matrix; empty for none.
  public var title: String

  /// A square matrix of counts, none negative, with a name for each class.
  public init(counts: [[Int]], names: [String], title: String = "") {
    precondition(!counts.isEmpty && counts.allSatisfy { $0.count == counts.count }, "the matrix is square")
    precondition(names.count == counts.count, "each class has a name")
    precondition(counts.allSatisfy { $0.allSatisfy { $0 >= 0 } }, "counts are not negative")
    self.counts = counts
    self.names = names
    self.title = title
  }

  /// Share of right answers and number of examples, in words.
  var summary: String {
    let total = counts.joined().reduce(0.0) { $0 + Double($1) }
    guard total > 0 else { return "no examples" }
    let right = counts.indices.reduce(0.0) { $0 + Double(counts[$1][$1]) }
    let share = NumberLabel.fixed(right / total * 100, decimals: 1)
    let examples = total == 1 ? "1 example" : NumberLabel.fixed(total, decimals: 0) + " examples"
    return "\(share) % of \(examples) right"
  }

  /// The figure as a drawing, whose size follows from the number of classes: about 600 points for 10 or 50, 1,600 for
  /// 200, so that names stay readable.
  public func canvas(theme: ChartTheme = .light) -> Canvas {
    let layout = ConfusionMatrixLayout(self, theme)
    var canvas = Canvas(width: layout.width, height: layout.height, background: theme.background)
    drawHeading(layout, theme, on: &canvas)
    drawCells(layout, theme, on: &canvas)
    drawNames(layout, theme, on: &canvas)
    drawBar(layout, theme, on: &canvas)
    return canvas
  }

  private func drawHeading(_ layout: ConfusionMatrixLayout, _ theme: ChartTheme, on canvas: inout Canvas) {
    var baseline = theme.margin + theme.titleSize
    for line in layout.titleLines {
      canvas.text(line, at: Place(x: theme.margin, y: baseline), theme.titleStyle)
      baseline += theme.titleStyle.lineHeight
    }
    let style = theme.tickStyle
    let room = layout.width - 2 * theme.margin
    if layout.titleLines.isEmpty { baseline = theme.margin + style.size }
    canvas.text(style.shortened(summary, to: room), at: Place(x: theme.margin, y: baseline), style)
  }

  /// Colours of the cells, row by row; a class without examples has no shares, and the colour of the grid.
  func colors(_ theme: ChartTheme) -> [Color] {
    counts.flatMap { row in
      let sum = row.reduce(0.0) { $0 + Double($1) }
      return row.map { sum > 0 ? theme.heat((Double($0) / sum).squareRoot()) : theme.grid }
    }
  }

  private func drawCells(_ layout: ConfusionMatrixLayout, _ theme: ChartTheme, on canvas: inout Canvas) {
    let colors = colors(theme)
    if counts.count <= 50 {
      let half = layout.cell > 20 ? 0.75 : 0.25
      for (index, color) in colors.enumerated() {
        let cell = layout.area(row: index / counts.count, column: index % counts.count)
        canvas.rectangle(cell.inset(left: half, top: half, right: half, bottom: half), color)
      }
    } else {
      // Very many cells are the pixels of a picture, with a line every ten for the eye to follow.
      let pixels = colors.flatMap { [$0.red, $0.green, $0.blue] }
      let image = Image(width: counts.count, height: counts.count, pixels: pixels)
      let plot = layout.plot
      canvas.image(image, in: plot, isSmooth: false)
      let stroke = Stroke(color: theme.grid, width: 0.5)
      for index in stride(from: 10, to: counts.count, by: 10) {
        let (x, y) = (plot.x + Double(index) * layout.cell, plot.y + Double(index) * layout.cell)
        canvas.line(from: Place(x: x, y: plot.y), to: Place(x: x, y: plot.bottom), stroke)
        canvas.line(from: Place(x: plot.x, y: y), to: Place(x: plot.right, y: y), stroke)
      }
    }
    guard let size = layout.numberSize else { return }
    for (row, values) in counts.enumerated() {
      for (column, count) in values.enumerated() where count > 0 {
        let isBright = colors[row * counts.count + column].brightness > 0.55
        let ink = isBright ? Color(red: 31, green: 35, blue: 40) : .white
        canvas.text(
          NumberLabel.grouped(count), around: layout.area(row: row, column: column).middle,
          TextStyle(family: theme.fontFamily, size: size, color: ink))
      }
    }
  }

  private func drawNames(_ layout: ConfusionMatrixLayout, _ theme: ChartTheme, on canvas: inout Canvas) {
    let (plot, gap) = (layout.plot, layout.gap)
    for (index, name) in layout.shortNames.enumerated() {
      let middle = layout.area(row: index, column: index).middle
      canvas.text(name, around: Place(x: plot.x - gap, y: middle.y), layout.nameStyle, anchor: .end)
      let below = Place(x: middle.x, y: plot.bottom + gap)
      if layout.isUpward {
        canvas.text(name, around: below, layout.nameStyle, anchor: .end, isUpward: true)
      } else {
        let baseline = Place(x: below.x, y: below.y + layout.nameStyle.size)
        canvas.text(name, at: baseline, layout.nameStyle, anchor: .middle)
      }
    }
    let label = theme.labelStyle
    canvas.text(
      label.shortened("true class", to: plot.height),
      around: Place(x: theme.margin + label.size * 0.5, y: plot.middle.y), label, isUpward: true)
    canvas.text(
      "predicted class", around: Place(x: plot.middle.x, y: layout.height - theme.margin - label.size * 0.5),
      label)
  }

  private func drawBar(_ layout: ConfusionMatrixLayout, _ theme: ChartTheme, on canvas: inout Canvas) {
    let bar = layout.bar
    let pixels = (0..<256).reversed().flatMap { level -> [UInt8] in
      let color = theme.heat(Double(level) / 255)
      return [color.red, color.green, color.blue]
    }
    canvas.image(Image(width: 1, height: 256, pixels: pixels), in: bar)
    for percent in ConfusionMatrixLayout.barPercents {
      let y = bar.bottom - (percent / 100).squareRoot() * bar.height
      canvas.line(from: Place(x: bar.right, y: y), to: Place(x: bar.right + 3, y: y), theme.axisStroke)
      canvas.text(
        ConfusionMatrixLayout.barLabel(percent), around: Place(x: bar.right + 6, y: y), theme.tickStyle,
        anchor: .start)
    }
    canvas.text(
      theme.tickStyle.shortened("share of the true class", to: bar.height),
      around: Place(x: layout.width - theme.margin - theme.tickSize * 0.5, y: bar.middle.y), theme.tickStyle,
      isUpward: true)
  }
}
