import Images

/// A pair of axes with their grid, names and lines.
struct PanelDrawing {
  private let panel: LineChart.Panel
  private let theme: ChartTheme
  private let area: Area
  private let plot: Area
  private let xAxis: Axis
  private let yAxis: Axis
  private let isEmpty: Bool

  /// Room on the left of the axes for the numbers and the name of the vertical one.
  let leftRoom: Double

  /// - Parameter leftRoom: at least this is left free, so that neighbours look alike.
  init(
    _ panel: LineChart.Panel, in area: Area, reservesTitle: Bool, leftRoom: Double = 0, _ theme: ChartTheme
  ) {
    self.panel = panel
    self.theme = theme
    self.area = area
    let drawn = panel.series.flatMap(\.points).filter {
      Axis.holds($0.x, .linear) && Axis.holds($0.y, panel.yScale)
    }
    isEmpty = drawn.isEmpty
    let (xs, ys) = (drawn.map(\.x), drawn.map(\.y))
    let top = theme.tickSize * 0.6 + (reservesTitle ? theme.labelStyle.lineHeight + theme.margin * 0.3 : 0)
    let label = theme.labelStyle.lineHeight + theme.margin * 0.15
    let bottom = theme.tickStyle.lineHeight + theme.tickSize * 0.4 + (panel.xLabel.isEmpty ? 0 : label)
    let height = max(10, area.height - top - bottom)
    yAxis = Axis(
      from: ys.min() ?? 0, to: ys.max() ?? 1, scale: panel.yScale,
      count: max(2, Int(height / (theme.tickSize * 4))), startsAtZero: true)
    let widest = isEmpty ? 0 : yAxis.ticks.map { theme.tickStyle.width(of: $0.label) }.max() ?? 0
    let left = max(leftRoom, widest + theme.tickSize * 0.6 + (panel.yLabel.isEmpty ? 0 : label))
    self.leftRoom = left
    let width = max(10, area.width - left - theme.tickSize)
    xAxis = Self.xAxis(
      from: xs.min() ?? 0, to: xs.max() ?? 1, width: width, countsX: panel.countsX, theme.tickStyle)
    plot = Area(x: area.x + left, y: area.y + top, width: width, height: height)
  }

  /// As many ticks as have room for their labels with a gap between them.
  private static func xAxis(
    from low: Double, to high: Double, width: Double, countsX: Bool, _ style: TextStyle
  ) -> Axis {
    for count in stride(from: max(2, Int(width / (style.size * 4))), through: 2, by: -1) {
      let axis = Axis(from: low, to: high, count: count, isInteger: countsX, padding: 0.02)
      let widest = axis.ticks.map { style.width(of: $0.label) }.max() ?? 0
      let positions = axis.ticks.map { axis.position(of: $0.value) * width }
      let step = positions.count > 1 ? positions[1] - positions[0] : width
      if widest + style.size * 1.2 <= step { return axis }
    }
    return Axis(from: low, to: high, count: 1, isInteger: countsX, padding: 0.02)
  }

  private func place(_ x: Double, _ y: Double) -> Place {
    Place(
      x: plot.x + xAxis.position(of: x) * plot.width, y: plot.bottom - yAxis.position(of: y) * plot.height)
  }

  func draw(on canvas: inout Canvas) {
    drawNames(on: &canvas)
    if isEmpty {
      canvas.line(
        [
          Place(x: plot.x, y: plot.y), Place(x: plot.x, y: plot.bottom), Place(x: plot.right, y: plot.bottom),
        ], theme.axisStroke)
      let lines = theme.tickStyle.wrapped(panel.emptySentence, to: plot.width - theme.margin, limit: 4)
      for (index, line) in lines.enumerated() {
        let offset = (Double(index) - Double(lines.count - 1) / 2) * theme.tickStyle.lineHeight
        canvas.text(line, around: Place(x: plot.middle.x, y: plot.middle.y + offset), theme.tickStyle)
      }
      return
    }
    drawGrid(on: &canvas)
    // The outer half of a line at the edge belongs to it.
    let edge = theme.pointRadius + theme.lineWidth
    canvas.clipped(to: plot.inset(left: -edge, top: -edge, right: -edge, bottom: -edge)) { canvas in
      for series in panel.series { draw(series, on: &canvas) }
    }
  }

  private func drawNames(on canvas: inout Canvas) {
    let label = theme.labelStyle
    var titleStyle = label
    titleStyle.isBold = true
    canvas.text(
      titleStyle.shortened(panel.title, to: area.right - plot.x),
      at: Place(x: plot.x, y: area.y + label.size), titleStyle)
    canvas.text(
      label.shortened(panel.xLabel, to: area.right - plot.x),
      around: Place(x: plot.middle.x, y: area.bottom - label.size * 0.45), label)
    canvas.text(
      label.shortened(panel.yLabel, to: area.height), around: Place(x: area.x + label.size * 0.5, y: yMiddle),
      label, isUpward: true)
  }

  /// The middle of the vertical axis, or of the area for a name that is longer than the axis.
  private var yMiddle: Double {
    theme.labelStyle.width(of: panel.yLabel) <= plot.height ? plot.middle.y : area.middle.y
  }

  private func drawGrid(on canvas: inout Canvas) {
    let tick = theme.tickStyle
    for mark in yAxis.ticks {
      let y = place(xAxis.range.lowerBound, mark.value).y
      canvas.line(from: Place(x: plot.x, y: y), to: Place(x: plot.right, y: y), theme.gridStroke)
      canvas.text(mark.label, around: Place(x: plot.x - tick.size * 0.6, y: y), tick, anchor: .end)
    }
    for mark in xAxis.ticks {
      let x = plot.x + xAxis.position(of: mark.value) * plot.width
      canvas.line(from: Place(x: x, y: plot.y), to: Place(x: x, y: plot.bottom), theme.gridStroke)
      let half = tick.width(of: mark.label) / 2
      let inside = min(max(x, area.x + half), area.right - half)
      canvas.text(mark.label, at: Place(x: inside, y: plot.bottom + tick.size * 1.45), tick, anchor: .middle)
    }
    for event in panel.events where xAxis.range.contains(event) {
      let x = plot.x + xAxis.position(of: event) * plot.width
      canvas.line(from: Place(x: x, y: plot.y), to: Place(x: x, y: plot.bottom), theme.eventStroke)
    }
    canvas.line(
      from: Place(x: plot.x, y: plot.bottom), to: Place(x: plot.right, y: plot.bottom), theme.axisStroke)
  }

  // MARK: Lines

  private func draw(_ series: LineChart.Series, on canvas: inout Canvas) {
    let stroke = series.stroke(theme)
    let runs = series.points.split { !(Axis.holds($0.x, .linear) && Axis.holds($0.y, panel.yScale)) }
    let areFew = runs.reduce(0) { $0 + $1.count } <= 12
    for run in runs {
      let places = run.map { place($0.x, $0.y) }
      if series.line != .discs { canvas.line(thinned(places), stroke) }
      let isMarked = series.line == .discs || series.marksPoints && (areFew || places.count == 1)
      guard isMarked else { continue }
      for place in places { canvas.disc(place, radius: theme.pointRadius, stroke.color) }
    }
  }

  /// The same picture with at most four places to a third of a point: where a line enters, its lowest and highest
  /// place, and where it leaves.
  private func thinned(_ places: [Place]) -> [Place] {
    guard Double(places.count) > plot.width * 12, zip(places, places.dropFirst()).allSatisfy({ $0.x <= $1.x })
    else { return places }
    var kept: [Place] = []
    var start = 0
    while start < places.count {
      let column = (places[start].x * 3).rounded(.down)
      var end = start + 1
      while end < places.count, (places[end].x * 3).rounded(.down) == column { end += 1 }
      let range = start..<end
      let lowest = range.min { places[$0].y < places[$1].y } ?? start
      let highest = range.max { places[$0].y < places[$1].y } ?? start
      for index in Set([start, lowest, highest, end - 1]).sorted() { kept.append(places[index]) }
      start = end
    }
    return kept
  }
}
