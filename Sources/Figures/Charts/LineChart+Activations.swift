import Attention

extension LineChart {
  /// The share of values above 0 of each branch, block after block from the image up.
  public static func positiveShares(_ statistics: ActivationStatistics, title: String = "") -> LineChart {
    var branches = AttentionBranch.all.filter { branch in
      statistics.rows.contains { $0.branch == branch }
    }
    // What is above 0 before a ReLU is so behind it: two lines would be one.
    if branches.contains(.branch(.output)) { branches.removeAll { $0 == .branch(.sum) } }
    let series = branches.enumerated().map { color, branch in
      let points = statistics.rows.filter { $0.branch == branch }
        .map { row in (x: Double(row.depth + 1), y: statistics[row].total.positiveShare * 100) }
        .sorted { $0.x < $1.x }
      return Series(branch.title, points: points, color: color)
    }
    var panel = Panel(xLabel: "residual block", yLabel: "values above 0 in %", series: series)
    panel.countsX = true
    panel.events = Set(
      statistics.rows.filter { $0.block.position == 0 && $0.depth > 0 }.map { Double($0.depth + 1) }
    ).sorted()
    var chart = LineChart(title: title, panels: [panel])
    chart.eventName = "first block of a stage"
    return chart
  }

  /// How the share of values above 0 is distributed over pictures in the last of the blocks: its input against its decoder
  /// (paper, Fig. 6), or all branches that were looked at where it lacks one of these.
  public static func positiveDistribution(
    _ statistics: ActivationStatistics, title: String = ""
  ) -> LineChart {
    let last = statistics.rows.map(\.depth).max()
    let rows = statistics.rows.filter { $0.depth == last }
    let pair = rows.filter { $0.branch == .branch(.input) || $0.branch == .branch(.decoder) }
    let shown = pair.count == 2 ? pair : rows
    let name = shown.first?.block.name ?? ""
    return LineChart.histogram(
      title: title, xLabel: "values above 0 in \(name), in %", yLabel: "pictures in %",
      shown.map { row in
        let shares = statistics[row].positiveShares
        let mean = NumberLabel.fixed(shares.mean.mean * 100, decimals: 2)
        return ("\(row.branch.title): mean \(mean) %", shares)
      })
  }

  /// Histograms over one axis as outlines; both axes are in per cent.
  static func histogram(
    title: String, xLabel: String, yLabel: String, _ shares: [(name: String, shares: ShareDistribution)]
  ) -> LineChart {
    let series = shares.enumerated().map { color, entry in
      let counts = entry.shares.counts
      let total = Double(max(1, entry.shares.mean.count))
      // From the first bin that holds something to the last, and down to the axis at both ends.
      let used = counts.indices.filter { counts[$0] > 0 }
      guard let first = used.first, let last = used.last else {
        return Series(entry.name, points: [], color: color)
      }
      var points: [(x: Double, y: Double)] = []
      for bin in first...last {
        let (range, height) = (ShareDistribution.range(ofBin: bin), Double(counts[bin]) / total * 100)
        points += [(range.lowerBound * 100, height), (range.upperBound * 100, height)]
      }
      let ends = (points[0].x, points[points.count - 1].x)
      var outline = Series(entry.name, points: [(ends.0, 0)] + points + [(ends.1, 0)], color: color)
      outline.marksPoints = false
      return outline
    }
    return LineChart(title: title, panels: [Panel(xLabel: xLabel, yLabel: yLabel, series: series)])
  }
}
