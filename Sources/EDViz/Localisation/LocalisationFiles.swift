/// Writes what `edviz evaluate masks` and `cub` find, beside the tables that the run wrote itself.
public enum LocalisationFiles {
  /// More lines than this make no readable chart.
  private static let mostDrawn = 16

  /// Writes mask IoU over fixed thresholds as CSV and as a chart (SVG and PNG), the latter of the first
  /// 16 settings.
  public static func write(_ results: LocalisationResults, to folder: ResultFolder) throws {
    let rows = results.rows.filter { $0.curve != nil }
    try folder.write(Array(table(rows, results.rules.averaging).utf8), to: "curves.csv")
    let chart = chart(Array(rows.prefix(mostDrawn)), results.rules.averaging).canvas()
    try folder.write(Array(chart.svg(title: "mask IoU over fixed thresholds").utf8), to: "curves.svg")
    try folder.write(try chart.image(scale: 2).encodedPNG(), to: "curves.png")
  }

  private static func table(_ rows: [LocalisationResults.Row], _ averaging: IoUAveraging) -> String {
    var lines = ["model,input_size,block,branch,threshold,mask_iou"]
    for row in rows {
      let setting = row.setting.fields.map(CSV.field).joined(separator: ",")
      for (level, value) in zip(ThresholdCounts.levels, row.curve?.values(averaging) ?? []) {
        lines.append("\(setting),\(level),\(value)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func chart(_ rows: [LocalisationResults.Row], _ averaging: IoUAveraging) -> LineChart {
    let parts = [
      Set(rows.map(\.setting.model)).count > 1, Set(rows.map(\.setting.block)).count > 1,
      Set(rows.map(\.setting.inputSize)).count > 1,
    ]
    let series = rows.enumerated().map { index, row in
      let setting = row.setting
      // As much of the setting as tells the lines apart.
      let name = [
        parts[0] ? setting.model : nil, parts[1] ? setting.block : nil, setting.title,
        parts[2] ? setting.inputSize.map { "\($0) px" } : nil,
      ].compactMap { $0 }.joined(separator: " ")
      let values = zip(ThresholdCounts.levels, row.curve?.values(averaging) ?? [])
      return LineChart.Series(name, points: values.map { (Double($0), $1) }, color: index)
    }
    let label = averaging == .pictures ? "mean mask IoU" : "mask IoU of all pixels"
    return LineChart(panels: [
      LineChart.Panel(xLabel: "threshold on the normalised map", yLabel: label, series: series)
    ])
  }
}

extension LocalisationResults {
  /// The record of the run.
  /// - Parameters:
  ///   - objects: `masks` or `boxes`.
  ///   - reading: how they were read.
  public func record(objects: String, reading: String) -> Manifest.Localisation {
    let records = rows.map { row in
      let best = row.curve.map { $0.best(rules.averaging) }
      return Manifest.Localisation.Row(
        model: row.setting.model, name: row.setting.title, block: row.setting.block,
        inputSize: row.setting.inputSize,
        scores: Dictionary(uniqueKeysWithValues: row.scores.map { ($0.key.rawValue, $0.value) }),
        bestThreshold: best?.level, bestThresholdIoU: best?.iou, emptyMasks: row.emptyMasks)
    }
    return Manifest.Localisation(
      objects: objects, reading: reading, averaging: rules.averaging, pointingTolerance: rules.tolerance,
      intervals:
        "95 %, percentile bootstrap over pictures, \(rules.resamples) resamples, seed \(rules.seed)",
      test: "paired sign-flip permutation over pictures, two-sided, \(rules.resamples) permutations, "
        + "seed \(rules.seed), not corrected for the number of tests",
      count: counts.scored, rows: records.filter { $0.model != nil },
      trivial: records.filter { $0.model == nil },
      differences: differences.map {
        Manifest.Localisation.Difference(
          row: $0.row, metric: $0.metric.rawValue, difference: $0.difference, pValue: $0.pValue)
      },
      unscoredCount: counts.unscored,
      unscored: counts.first.map { Manifest.Localisation.Unscored(path: $0.path, reason: $0.reason) })
  }
}
