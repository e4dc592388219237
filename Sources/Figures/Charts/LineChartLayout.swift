import Images

/// Where the parts of a chart stand: title on top, legend below or on the right, panels in the rest.
struct LineChartLayout {
  private let chart: LineChart
  private let theme: ChartTheme
  private let legend: Legend
  private let titleLines: [String]
  private let size: (width: Double, height: Double)
  private let legendArea: Area
  private let panelAreas: [Area]

  init(_ chart: LineChart, width: Double, height: Double, _ theme: ChartTheme) {
    self.chart = chart
    self.theme = theme
    legend = Legend(chart, theme)
    let inner = width - 2 * theme.margin
    titleLines = theme.titleStyle.wrapped(chart.title, to: inner, limit: 2)
    var top = theme.margin
    if !titleLines.isEmpty { top += Double(titleLines.count) * theme.titleStyle.lineHeight + theme.margin * 0.6 }

    // A legend beside takes a third of the width at most, one below makes the chart higher if it must.
    let below = legend.height(in: inner)
    let besideWidth = min(legend.width, inner * 0.32)
    let isBeside: Bool =
      switch chart.legendPlace {
      case .beside: !legend.entries.isEmpty
      case .below: false
      case .automatic:
        below > height * 0.2 && legend.height(in: besideWidth) <= height - top - theme.margin && inner > 440
      }
    var (panelsWidth, full) = (inner, height)
    var panelsHeight = height - top - theme.margin
    if isBeside {
      let needed = legend.height(in: besideWidth)
      panelsWidth -= besideWidth + theme.margin * 1.5
      panelsHeight = max(panelsHeight, needed)
      full = top + panelsHeight + theme.margin
      legendArea = Area(
        x: width - theme.margin - besideWidth, y: top + theme.labelStyle.lineHeight, width: besideWidth,
        height: needed)
    } else {
      let taken = below > 0 ? below + theme.margin * 0.8 : 0
      panelsHeight = max(panelsHeight - taken, height * 0.65)
      full = top + panelsHeight + taken + theme.margin
      legendArea = Area(x: theme.margin, y: full - theme.margin - below, width: inner, height: below)
    }
    size = (width, full)
    let count = Double(chart.panels.count)
    let gap = theme.margin * 2
    let each = (panelsWidth - gap * (count - 1)) / count
    panelAreas = chart.panels.indices.map {
      Area(x: theme.margin + Double($0) * (each + gap), y: top, width: each, height: panelsHeight)
    }
  }

  func canvas() -> Canvas {
    var canvas = Canvas(width: size.width, height: size.height, background: theme.background)
    for (index, line) in titleLines.enumerated() {
      let baseline = theme.margin + theme.titleSize + Double(index) * theme.titleStyle.lineHeight
      canvas.text(line, at: Place(x: theme.margin, y: baseline), theme.titleStyle)
    }
    let hasTitles = chart.panels.contains { !$0.title.asOneLine.isEmpty }
    for (panel, area) in zip(chart.panels, panelAreas) {
      PanelDrawing(panel, in: area, reservesTitle: hasTitles, theme).draw(on: &canvas)
    }
    if !legend.entries.isEmpty {
      var area = legendArea
      // Below, it stands in the middle.
      if area.width > size.width - 2 * theme.margin - 1 {
        let used = legend.usedWidth(in: area.width)
        area.x += (area.width - used) / 2
        // A hair more, so that what fits still does after rounding.
        area.width = used + 0.01
      }
      legend.draw(in: area, on: &canvas)
    }
    return canvas
  }
}
