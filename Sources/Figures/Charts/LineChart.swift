import Images

/// Lines over one or two pairs of axes with one legend beside or below them.
public struct LineChart: Sendable {
  /// How a series is drawn.
  public enum Line: Hashable, Sendable {
    /// Without gaps.
    case solid
    /// In short pieces.
    case dashed
    /// Not at all: a disc at each point.
    case discs
  }

  /// Points that belong together.
  public struct Series: Sendable {
    /// What it is called in the legend, which has one entry for series of one name, colour and line; empty for none.
    public var name: String
    /// In the order in which they are joined. A value that is not finite makes a gap.
    public var points: [(x: Double, y: Double)]
    /// Which of the theme's colours it has; beyond the last they begin again.
    public var color: Int
    /// How it is drawn.
    public var line: Line
    /// Whether few points have discs on them.
    public var marksPoints = true

    /// Points with a name, in one of the theme's colours.
    public init(_ name: String, points: [(x: Double, y: Double)], color: Int, line: Line = .solid) {
      self.name = name
      self.points = points
      self.color = color
      self.line = line
    }
  }

  /// A pair of axes.
  public struct Panel: Sendable {
    /// Above the axes; empty for none.
    public var title: String
    /// Below the horizontal axis.
    public var xLabel: String
    /// Beside the vertical axis.
    public var yLabel: String
    /// What is drawn, the first at the bottom.
    public var series: [Series]
    /// How heights are scaled; the horizontal axis is always linear.
    public var yScale: AxisScale = .linear
    /// Whether the horizontal axis counts something, and so has whole numbers only.
    public var countsX = false
    /// Places on the horizontal axis with a thin dotted line.
    public var events: [Double] = []
    /// What stands in the axes if no value can be drawn.
    public var emptySentence = "There is nothing to show yet."

    /// A pair of axes with series.
    public init(title: String = "", xLabel: String, yLabel: String, series: [Series]) {
      self.title = title
      self.xLabel = xLabel
      self.yLabel = yLabel
      self.series = series
    }
  }

  /// Where the legend stands, never over data.
  public enum LegendPlace: Hashable, Sendable {
    /// Below, unless it would be high and there is room beside.
    case automatic
    /// Below the axes.
    case below
    /// On the right of the axes.
    case beside
  }

  /// Above everything; empty for none.
  public var title: String
  /// From the left.
  public var panels: [Panel]
  /// Where the legend stands.
  public var legendPlace = LegendPlace.automatic
  /// What the dotted lines of `Panel.events` are called in the legend; empty for no entry.
  public var eventName = ""

  /// A chart of one panel, or of several side by side.
  public init(title: String = "", panels: [Panel]) {
    precondition(!panels.isEmpty, "a chart has at least one panel")
    self.title = title
    self.panels = panels
  }

  /// The chart as a drawing.
  /// - Parameters:
  ///   - width: in points, at least 200 a panel; unless given, 480 for one panel and 390 a panel for more.
  ///   - height: in points, at least 150; more if the legend is high.
  public func canvas(width: Double? = nil, height: Double = 300, theme: ChartTheme = .light) -> Canvas {
    let standard = panels.count == 1 ? 480 : 390 * Double(panels.count)
    return LineChartLayout(
      self, width: max(width ?? standard, 200 * Double(panels.count)), height: max(height, 150), theme
    ).canvas()
  }
}
