import Images

extension Canvas {
  /// A box with lines of text in its middle.
  mutating func box(_ area: Area, _ lines: [String], _ style: TextStyle, edge: Color, share: Double = 0.14) {
    outlined(area, edge: edge, share: share)
    for (index, line) in lines.enumerated() {
      let drop = (Double(index) - Double(lines.count - 1) / 2) * style.lineHeight
      text(line, around: Place(x: area.middle.x, y: area.middle.y + drop), style)
    }
  }

  /// A rectangle with an edge, filled with some of the edge's colour.
  mutating func outlined(_ area: Area, edge: Color, share: Double) {
    rectangle(area, background.mixed(with: edge, share: share))
    let (left, right) = (area.x, area.right)
    line(
      [
        Place(x: left, y: area.y), Place(x: right, y: area.y), Place(x: right, y: area.bottom),
        Place(x: left, y: area.bottom), Place(x: left, y: area.y),
      ], Stroke(color: edge, width: 1))
  }

  /// A line through places with a head at its end, which must lie straight ahead of the place before.
  mutating func arrow(_ places: [Place], _ stroke: Stroke) {
    line(places, stroke)
    guard places.count > 1 else { return }
    let (tip, before) = (places[places.count - 1], places[places.count - 2])
    let length = max(
      ((tip.x - before.x) * (tip.x - before.x) + (tip.y - before.y) * (tip.y - before.y)).squareRoot(), 1e-9)
    let (x, y) = ((tip.x - before.x) / length * 4.5, (tip.y - before.y) / length * 4.5)
    line(
      [
        Place(x: tip.x - x - y * 0.6, y: tip.y - y + x * 0.6), tip,
        Place(x: tip.x - x + y * 0.6, y: tip.y - y - x * 0.6),
      ], stroke)
  }

  /// A plus in a circle.
  mutating func sum(_ center: Place, radius: Double, _ stroke: Stroke) {
    disc(center, radius: radius + stroke.width / 2, stroke.color)
    disc(center, radius: radius - stroke.width / 2, background)
    let half = radius * 0.55
    line(from: Place(x: center.x - half, y: center.y), to: Place(x: center.x + half, y: center.y), stroke)
    line(from: Place(x: center.x, y: center.y - half), to: Place(x: center.x, y: center.y + half), stroke)
  }
}
