/// Bars over bins of one width, for one or more series over each other.
public struct ReportHistogram: Sendable {
  /// What is counted.
  public struct Series: Sendable {
    /// What it is called in the legend.
    public var name: String
    /// How many are in each bin.
    public var counts: [Int]

    /// Counts with a name.
    public init(_ name: String, counts: [Int]) {
      self.name = name
      self.counts = counts
    }
  }

  /// Below the axis.
  public let axis: String
  /// From the lower end of the first bin to the upper end of the last.
  public let range: ClosedRange<Double>
  /// Decimals of the numbers at the axis.
  public let decimals: Int
  /// All of one number of bins.
  public let series: [Series]

  /// A histogram of series with one number of bins, at least one.
  public init(axis: String, range: ClosedRange<Double>, decimals: Int = 0, series: [Series]) {
    precondition(
      series.allSatisfy { !$0.counts.isEmpty && $0.counts.count == series[0].counts.count },
      "series have one number of bins")
    self.axis = axis
    self.range = range
    self.decimals = decimals
    self.series = series
  }

  /// The plot in the template's drawing: its left and right, its top and bottom.
  private static let (left, right, top, bottom) = (44.0, 472.0, 14.0, 172.0)

  /// At most this many have a colour of their own.
  static let colors = 7

  var context: [String: Any] {
    let bins = series.first?.counts.count ?? 1
    let largest = max(1, series.flatMap(\.counts).max() ?? 1)
    let width = (Self.right - Self.left) / Double(bins)
    func x(_ bin: Int) -> String { Self.number(Self.left + Double(bin) * width) }
    func y(_ count: Double) -> Double {
      Self.bottom - count / Double(largest) * (Self.bottom - Self.top)
    }
    func end(_ bin: Int) -> String {
      let share = Double(bin) / Double(bins)
      let value = range.lowerBound * (1 - share) + range.upperBound * share
      return value.reportText(decimals: decimals)
    }
    let bars = series.enumerated().flatMap { color, entry in
      entry.counts.enumerated().filter { $0.element > 0 }.map { bin, count in
        let top = y(Double(count))
        return [
          "color": "\(color % Self.colors)", "x": x(bin), "y": Self.number(top),
          "width": Self.number(max(width - 0.6, 0.4)), "height": Self.number(Self.bottom - top),
        ]
      }
    }
    let hits = (0..<bins).map { bin in
      let counts = series.map { series.count > 1 ? "\($0.name): \($0.counts[bin])" : "\($0.counts[bin])" }
      return [
        "x": x(bin), "width": Self.number(width),
        "tip": "\(end(bin)) to \(end(bin + 1)): " + counts.joined(separator: ", "),
      ]
    }
    return [
      "axis": axis, "bars": bars, "bins": hits,
      "legend": series.enumerated().map {
        ["color": "\($0.offset % Self.colors)", "label": $0.element.name]
      },
      "lines": Self.levels(upTo: largest).map { level in
        [
          "y": Self.number(y(Double(level))), "textY": Self.number(y(Double(level)) + 4), "label": "\(level)",
        ]
      },
      "ticks": (0...4).map { tick in
        let share = Double(tick) / 4
        let value = range.lowerBound * (1 - share) + range.upperBound * share
        return [
          "x": Self.number(Self.left + share * (Self.right - Self.left)),
          "label": value.reportText(decimals: decimals),
        ]
      },
    ]
  }

  /// Nothing, half and all of the largest count, as far as these are whole.
  private static func levels(upTo largest: Int) -> [Int] {
    largest > 1 ? [0, largest / 2, largest] : [0, largest]
  }

  private static func number(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
