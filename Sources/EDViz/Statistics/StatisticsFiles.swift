import Attention
import Figures
import Files
import Reports

/// Writes what `edviz stats` finds.
public enum StatisticsFiles {
  /// Writes the tables `blocks.csv`, `channels.csv` and `histogram.csv`, and the charts as SVG and PNG.
  /// - Throws: `FileError`, `FigureError`.
  public static func write(
    _ statistics: ActivationStatistics, title: String, theme: ChartTheme, to folder: ResultFolder
  ) throws {
    try folder.write(Array(blocks(statistics).utf8), to: "blocks.csv")
    try write("channels.csv", statistics, channelHeadings, channelLines, to: folder)
    try write("histogram.csv", statistics, histogramHeadings, histogramLines, to: folder)
    for (name, chart) in charts(statistics, title: title) {
      let canvas = chart.canvas(theme: theme)
      try folder.write(Array(try canvas.svg(title: chart.title).utf8), to: name + ".svg")
      try folder.write(try canvas.image(scale: 2).encodedPNG(), to: name + ".png")
    }
  }

  /// The charts, with the names of their files.
  public static func charts(
    _ statistics: ActivationStatistics, title: String
  ) -> [(name: String, chart: LineChart)] {
    [
      ("positive-by-block", LineChart.positiveShares(statistics, title: title)),
      ("positive-distribution", LineChart.positiveDistribution(statistics, title: title)),
    ]
  }

  /// A table that is written row by row, because a deep network has very many channels.
  private static func write(
    _ name: String, _ statistics: ActivationStatistics, _ headings: String,
    _ lines: (BranchStatistics, _ start: String) -> String, to folder: ResultFolder
  ) throws {
    let file = try folder.begin(name)
    func write(_ text: String) throws { try Array(text.utf8).withUnsafeBytes { try file.write($0) } }
    try write(headings + "\n")
    for row in statistics.rows {
      try write(lines(statistics[row], "\(row.block.name),\(row.branch.name)"))
    }
    try folder.keep(file, as: name)
  }

  private static func blocks(_ statistics: ActivationStatistics) -> String {
    let headings =
      "block,paper_name,branch,channels,pictures,not_finite,positive_share,positive_share_sd,mean,rms,"
      + "mean_absolute,rms_to_x,mean_absolute_to_x,rectified,dead_channels,hoyer,hoyer_sd,entropy_bits,"
      + "relative_entropy,without_positive_part,chessboard,chessboard_sd,chessboard_columns,chessboard_rows,"
      + "chessboard_of_white_noise\n"
    return headings
      + statistics.rows.map { row in
        let found = Manifest.Statistics.Row(row, of: statistics)
        func text(_ values: Double?...) -> [String] { values.map { $0.map { "\($0)" } ?? "" } }
        let ratios = text(found.rootMeanSquareToX, found.meanAbsoluteToX)
        let fields: [String] = [
          found.block, found.paperName, found.branch, "\(found.channels)", "\(found.pictures)",
          "\(found.notFinite)", "\(found.positiveShare)", "\(found.positiveShareDeviation)",
          "\(found.mean)", "\(found.rootMeanSquare)", "\(found.meanAbsolute)", ratios[0], ratios[1],
          "\(found.isRectified)", "\(found.deadChannels)", "\(found.hoyer)", "\(found.hoyerDeviation)",
          "\(found.entropyBits)", "\(found.relativeEntropy)", "\(found.withoutPositivePart)",
        ]
        let chessboard = text(
          found.chessboard, found.chessboardDeviation, found.chessboardColumns, found.chessboardRows,
          found.whiteNoise)
        return (fields + chessboard).joined(separator: ",") + "\n"
      }.joined()
  }

  private static let channelHeadings =
    "block,branch,channel,positive_share,mean,standard_deviation,rms,mean_absolute,dead"

  private static func channelLines(_ found: BranchStatistics, _ start: String) -> String {
    zip(found.channels, found.deadChannels).enumerated().map { index, entry in
      let (channel, isDead) = entry
      return "\(start),\(index),\(channel.positiveShare),\(channel.mean),\(channel.standardDeviation),"
        + "\(channel.rootMeanSquare),\(channel.meanAbsolute),\(isDead)\n"
    }.joined()
  }

  private static let histogramHeadings = "block,branch,measure,from,to,pictures"

  private static func histogramLines(_ found: BranchStatistics, _ start: String) -> String {
    let measures = [
      ("positive_share", found.positiveShares), ("hoyer", found.sparsity),
      ("relative_entropy", found.relativeEntropy), ("chessboard", found.chessboard),
    ]
    return measures.map { name, shares in
      shares.counts.enumerated().map { bin, count in
        let range = ShareDistribution.range(ofBin: bin)
        return "\(start),\(name),\(range.lowerBound),\(range.upperBound),\(count)\n"
      }.joined()
    }.joined()
  }
}
