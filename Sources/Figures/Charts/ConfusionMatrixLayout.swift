/// Where the parts of a confusion matrix stand. Cells have half points as sides, which are whole pixels at scale 2.
struct ConfusionMatrixLayout {
  /// What the ticks of the colour bar stand for.
  static let barPercents: [Double] = [0, 1, 5, 10, 25, 50, 75, 100]
  /// Names longer than this are shortened.
  private static let widestName = 130.0

  static func barLabel(_ percent: Double) -> String { NumberLabel.fixed(percent, decimals: 0) + " %" }

  let cell: Double
  let nameStyle: TextStyle
  let shortNames: [String]
  /// Whether the names of the columns are read from bottom to top, because they are wider than a cell.
  let isUpward: Bool
  let titleLines: [String]
  /// Size of the counts in the cells; nil for none.
  let numberSize: Double?
  let plot: Area
  let bar: Area
  let width: Double
  let height: Double
  /// Between the cells and the names.
  let gap = 5.0

  init(_ figure: ConfusionMatrixFigure, _ theme: ChartTheme) {
    let count = figure.names.count
    // The colour bar beside very few classes needs room for its ticks.
    let largest = max(42, 132 / Double(count))
    let cell = max(7, (min(largest, 520 / Double(count)) * 2).rounded(.down) / 2)
    var nameStyle = theme.labelStyle
    nameStyle.size = min(theme.labelSize, cell * 0.85)
    let shortNames = figure.names.map { nameStyle.shortened($0, to: Self.widestName) }
    let widest = shortNames.map(nameStyle.width).max() ?? 0
    let isUpward = widest > cell - 4
    (self.cell, self.nameStyle, self.shortNames, self.isUpward) = (cell, nameStyle, shortNames, isUpward)

    let side = cell * Double(count)
    let left = (theme.margin + theme.labelStyle.lineHeight + widest + gap).rounded(.up)
    let barLabels = Self.barPercents.map { theme.tickStyle.width(of: Self.barLabel($0)) }.max() ?? 0
    let right = theme.margin * 1.5 + 12 + 6 + barLabels + theme.tickStyle.lineHeight + theme.margin
    width = (left + side + right).rounded(.up)
    titleLines = theme.titleStyle.wrapped(figure.title, to: width - 2 * theme.margin, limit: 2)
    let heading = Double(titleLines.count) * theme.titleStyle.lineHeight + theme.tickStyle.lineHeight
    let top = (theme.margin * 2 + heading).rounded(.up)
    plot = Area(x: left, y: top, width: side, height: side)
    bar = Area(x: left + side + theme.margin * 1.5, y: top, width: 12, height: side)
    let names = isUpward ? widest : nameStyle.size * 1.3
    let below = side + gap + names + theme.margin * 0.6 + theme.labelStyle.lineHeight
    height = (top + below + theme.margin).rounded(.up)

    var style = theme.tickStyle
    style.size = min(theme.labelSize, cell * 0.4)
    let longest = figure.counts.joined().max().map(NumberLabel.grouped) ?? ""
    numberSize = count > 20 ? nil : style.size * min(1, (cell - 4) / max(style.width(of: longest), 1))
  }

  func middle(row: Int, column: Int) -> Place {
    Place(x: plot.x + (Double(column) + 0.5) * cell, y: plot.y + (Double(row) + 0.5) * cell)
  }
}
