extension LineChart {
  /// A network that was trained with encoder-decoder paths of several reduction ratios, or without them.
  public struct ReductionSeries: Sendable {
    /// What the network is called.
    public var name: String
    /// Ratio and accuracy of each run, from 0 to 1. A ratio of nil stands for a network without such paths.
    public var runs: [(ratio: Double?, accuracy: Double)]

    /// Runs of one network.
    public init(name: String, runs: [(ratio: Double?, accuracy: Double)]) {
      self.name = name
      self.runs = runs
    }
  }

  /// Accuracy over the reduction ratio of ED (paper, Fig. 5): a disc for each run, a line through the means of runs of one
  /// ratio; a network without ED is a dashed line over all ratios.
  public static func accuracyOverReduction(
    title: String = "", accuracy: String, _ networks: [ReductionSeries]
  ) -> LineChart {
    let ratios = networks.flatMap(\.runs).compactMap(\.ratio).map { $0 * 100 }
    let (least, most) = (ratios.min() ?? 0, ratios.max() ?? 100)
    let ends = least < most ? [least, most] : [least - 10, most + 10]
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) * 100 }
    var series: [Series] = []
    for (color, network) in networks.enumerated() {
      let byRatio = Dictionary(grouping: network.runs) { $0.ratio }
      let means = byRatio.compactMap { ratio, runs in
        ratio.map { (x: $0 * 100, y: mean(runs.map(\.accuracy))) }
      }.sorted { $0.x < $1.x }
      if !means.isEmpty {
        var line = Series(network.name, points: means, color: color)
        line.marksPoints = means.count == 1
        series.append(line)
        let points = network.runs.compactMap { run in run.ratio.map { (x: $0 * 100, y: run.accuracy * 100) } }
        series.append(Series("", points: points, color: color, line: .discs))
      }
      if let plain = byRatio[nil] {
        let level = mean(plain.map(\.accuracy))
        series.append(
          Series("\(network.name), no ED", points: ends.map { ($0, level) }, color: color, line: .dashed))
        series[series.count - 1].marksPoints = false
      }
    }
    return LineChart(
      title: title, panels: [Panel(xLabel: "reduction ratio of ED in %", yLabel: accuracy, series: series)])
  }
}
