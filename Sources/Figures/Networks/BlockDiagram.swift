import Images

/// One kind of residual block as the paper's Fig. 3 shows it: branches beside each other from top to bottom, their sum
/// and the activation behind it, with the names that taps have.
struct BlockDiagram {
  /// A branch at its place.
  private struct Lane {
    var column: BlockBranches.Column
    var color: Color
    var middle: Double
    var width: Double
    /// Where its first step begins, and where its last one ends.
    var top = 0.0, bottom = 0.0
  }

  private static let padding = 10.0
  private static let between = 14.0
  /// Length of the arrow to a step.
  private static let arrow = 15.0
  /// Length of an arrow that a name stands beside.
  private static let namedArrow = 27.0
  private static let boxHeight = 20.0
  private static let sumRadius = 7.0

  private let theme: ChartTheme
  private let title: [String]
  private let input: String, output: String
  private let hasIdentity: Bool
  private let activation: String
  private let transform: Lane?, shortcut: Lane, path: Lane?
  /// Heights at which x parts, at which the path leaves the shortcut, and of the sum's middle.
  private let fork: Double, branching: Double, sum: Double
  /// Size in points.
  let width: Double, height: Double

  /// Measures the drawing.
  init(_ block: BlockBranches, theme: ChartTheme) {
    let small = theme.smallStyle
    self.theme = theme
    input = "input x: " + block.input
    output = "output: " + block.output
    hasIdentity = block.hasIdentity
    activation = block.activation

    var x = Self.padding
    func lane(_ column: BlockBranches.Column, _ color: Color, least: Double = 0) -> Lane {
      let inside = (column.steps.flatMap(\.lines).map(small.width).max() ?? 0) + 16
      let beside = 2 * (max(small.width(of: column.heading), small.width(of: column.tap)) + 8)
      let width = max(inside, beside, least).rounded(.up)
      defer { x += width + Self.between }
      return Lane(column: column, color: color, middle: x + width / 2, width: width)
    }
    var transform = block.transform.map { lane($0, theme.series[0]) }
    // Input and output stand in the shortcut's column.
    let ends = max(small.width(of: input), small.width(of: output)) + 16
    var shortcut = lane(block.shortcut, theme.axis, least: ends)
    var path = block.path.map { lane($0, theme.series[1]) }
    width = x - Self.between + Self.padding
    title = theme.headStyle.wrapped(block.names, to: width - 2 * Self.padding, limit: 4)

    fork = Self.padding + Double(title.count) * theme.headStyle.lineHeight + 6 + Self.boxHeight + 10
    func put(_ lane: inout Lane, below height: Double) {
      let hasSteps = !lane.column.steps.isEmpty
      lane.top = height + (hasSteps ? Self.namedArrow : 0)
      let steps = lane.column.steps.map { Self.height($0, small) + Self.arrow }.reduce(0, +)
      lane.bottom = lane.top + steps - (hasSteps ? Self.arrow : 0)
    }
    put(&shortcut, below: fork)
    // The path reads what the shortcut made.
    branching = shortcut.column.steps.isEmpty ? fork : shortcut.bottom + 10
    if var lane = transform {
      put(&lane, below: fork)
      transform = lane
    }
    if var lane = path {
      put(&lane, below: branching)
      path = lane
    }
    (self.transform, self.shortcut, self.path) = (transform, shortcut, path)
    sum = max(transform?.bottom ?? 0, branching, path?.bottom ?? 0) + Self.namedArrow
    height =
      sum + Self.sumRadius + Self.namedArrow + Self.boxHeight + Self.arrow + Self.boxHeight + Self.padding
  }

  private static func height(_ step: BlockBranches.Step, _ style: TextStyle) -> Double {
    Double(step.lines.count) * style.lineHeight + 8
  }

  /// Draws it with its left upper corner at a place.
  func draw(on canvas: inout Canvas, at origin: Place) {
    let stroke = Stroke(color: theme.mutedText, width: 1)
    let center = shortcut.middle
    func at(_ x: Double, _ y: Double) -> Place { Place(x: origin.x + x, y: origin.y + y) }
    func area(_ middle: Double, _ y: Double, _ width: Double, _ height: Double) -> Area {
      Area(x: origin.x + middle - width / 2, y: origin.y + y, width: width, height: height)
    }
    func name(_ text: String, beside x: Double, above y: Double, _ style: TextStyle) {
      canvas.text(text, at: at(x + 6, y - 9), style)
    }

    for (index, line) in title.enumerated() {
      let baseline = Self.padding + theme.headStyle.size + Double(index) * theme.headStyle.lineHeight
      canvas.text(line, at: at(Self.padding, baseline), theme.headStyle)
    }
    canvas.box(
      area(center, fork - 10 - Self.boxHeight, shortcut.width, Self.boxHeight), [input], theme.smallStyle,
      edge: theme.mutedText)

    for lane in [transform, shortcut, path].compactMap({ $0 }) {
      var y = lane.top
      for (index, step) in lane.column.steps.enumerated() {
        if index > 0 {
          canvas.arrow([at(lane.middle, y), at(lane.middle, y + Self.arrow)], stroke)
          y += Self.arrow
        }
        let height = Self.height(step, theme.smallStyle)
        let least = (step.lines.map(theme.smallStyle.width).max() ?? 0) + 10
        canvas.box(
          area(lane.middle, y, step.kind == .map ? max(least, lane.width * step.share) : lane.width, height),
          step.lines, theme.smallStyle, edge: step.kind == .gate ? theme.series[2] : lane.color,
          share: step.kind == .map ? 0.4 : 0.14)
        y += height
      }
    }

    // From x to the branches.
    canvas.line(from: at(center, fork - 10), to: at(center, fork), stroke)
    if let transform {
      canvas.arrow(
        [at(center, fork), at(transform.middle, fork), at(transform.middle, transform.top)], stroke)
      name(transform.column.heading, beside: transform.middle, above: transform.top, theme.smallStyle)
    }
    if !shortcut.column.steps.isEmpty {
      canvas.arrow([at(center, fork), at(center, shortcut.top)], stroke)
      name(shortcut.column.heading, beside: center, above: shortcut.top, theme.smallStyle)
      canvas.line(from: at(center, shortcut.bottom), to: at(center, branching), stroke)
    }
    if let path {
      canvas.arrow([at(center, branching), at(path.middle, branching), at(path.middle, path.top)], stroke)
      name(path.column.heading, beside: path.middle, above: path.top, theme.smallStyle)
    }

    // From the branches to the sum.
    let radius = Self.sumRadius
    for (lane, side) in [(transform, -radius), (path, radius)] {
      guard let lane else { continue }
      canvas.arrow([at(lane.middle, lane.bottom), at(lane.middle, sum), at(center + side, sum)], stroke)
      name(lane.column.tap, beside: lane.middle, above: sum, theme.tickStyle)
    }
    if hasIdentity {
      canvas.arrow([at(center, branching), at(center, sum - radius)], stroke)
      name(shortcut.column.tap, beside: center, above: sum - radius, theme.tickStyle)
    }
    canvas.sum(at(center, sum), radius: radius, stroke)
    let relu = sum + radius + Self.namedArrow
    canvas.arrow([at(center, sum + radius), at(center, relu)], stroke)
    name("sum", beside: center, above: relu, theme.tickStyle)
    let boxWidth = max(60, theme.smallStyle.width(of: activation) + 16)
    canvas.box(
      area(center, relu, boxWidth, Self.boxHeight), [activation], theme.smallStyle, edge: theme.axis)
    let end = relu + Self.boxHeight + Self.arrow
    canvas.arrow([at(center, end - Self.arrow), at(center, end)], stroke)
    canvas.box(
      area(center, end, shortcut.width, Self.boxHeight), [output], theme.smallStyle, edge: theme.mutedText)
  }
}
