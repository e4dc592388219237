import Attention
import Datasets
import Figures
import HTMLReports
import Reports

/// The page that `edviz stats --report` writes: a row for each block and branch, one for each picture in the last of the
/// blocks, and the pictures with the fewest and the most values above 0 there.
public struct StatisticsReport {
  private let run: StatisticsRun
  /// The rows of the last of the blocks.
  private let rows: [Int]
  /// Whose share of values above 0 ranks the pictures.
  private let focus: Int
  private var cases: RankedCases
  private let showsLabels: Bool

  /// A page without pictures.
  /// - Throws: `UnknownBlock`, `AttentionError`.
  public init(_ run: StatisticsRun) throws {
    self.run = run
    let all = try ActivationStatistics(run.session.model.network, taps: run.taps).rows
    let last = all.map(\.depth).max()
    rows = all.indices.filter { all[$0].depth == last }
    focus =
      rows.first { all[$0].branch == .branch(.decoder) } ?? rows.first { all[$0].branch == .branch(.output) }
      ?? rows[0]
    showsLabels = run.pictures.classes.count > 1
    let focusTitle = all[focus].branch.title
    cases = RankedCases(
      columns: (showsLabels ? [ReportTable.Column("class", .text)] : [])
        + rows.map { .percent("\(all[$0].branch.title) > 0", decimals: 2) }
        + [
          ReportTable.Column("\(focusTitle) Hoyer", .number(decimals: 3)),
          ReportTable.Column("\(focusTitle) entropy, bits", .number(decimals: 3)),
        ])
  }

  /// Adds a picture; those that are to be shown are looked at again, and have none in the page if that fails.
  public mutating func add(_ seen: StatisticsRun.Seen) {
    let (pictures, activation) = (run.pictures, seen.activations[focus])
    var cells: [ReportTable.Cell] =
      showsLabels ? [.text(pictures.classes[pictures.label(at: seen.position)])] : []
    cells += rows.map { .number(seen.activations[$0].map { $0.positiveShare * 100 }) }
    cells += [.number(activation?.hoyer), .number(activation?.entropy)]
    let (session, tap) = (run.session, run.taps[focus])
    cases.add(
      pictures.name(at: seen.position), score: activation?.positiveShare ?? .nan, cells: cells,
      pictures: {
        guard let image = try? pictures.image(at: seen.position),
          let look = try? session.look(at: image, taps: [tap])
        else { return nil }
        let photograph = image.cropped(to: look.region)
        return try? HeatmapReport.pictures(photograph, maps: look.maps, HeatmapStyle())
      })
  }

  /// The page.
  /// - Throws: what drawing a chart throws.
  public func report(
    _ statistics: ActivationStatistics, record: Manifest.Statistics, manifest: Manifest, unreadable: Int
  ) throws -> HTMLReport {
    let name = "\(statistics.rows[focus].block.name) \(statistics.rows[focus].branch.title)"
    var report = HTMLReport(
      title: "Activations of \(manifest.model?.name ?? "no model")",
      summary: [
        ("pictures", "\(record.count) of \(record.data)\(record.split.map { ", \($0)" } ?? "")"),
        ("not readable", "\(unreadable)"),
      ]
        + [("chessboards", Self.chessboards(record))]
        + rows.map { index in
          let row = record.rows[index]
          return (
            "\(row.block) \(statistics.rows[index].branch.title)",
            "\((row.positiveShare * 100).reportText(decimals: 1)) % above 0"
          )
        },
      protocolFacts: [
        ("sparsity", record.sparsity), ("entropy", record.entropy), ("ratios", "to \(record.reference)"),
        ("dead channels", record.dead), ("chessboard", record.chessboard),
      ], manifest: manifest)
    for (_, chart) in StatisticsFiles.charts(statistics, title: "") {
      report.sections.append(
        HTMLReport.Section(
          chart.panels[0].xLabel == "residual block"
            ? "Values above 0 by block" : "Values above 0 by picture",
          .chart(
            light: try chart.canvas(theme: .light).svg(title: chart.panels[0].yLabel),
            dark: try chart.canvas(theme: .dark).svg(title: chart.panels[0].yLabel))))
    }
    report.sections += histograms(statistics)
    report.sections += [
      HTMLReport.Section("Blocks and branches", .table(Self.table(record))),
      HTMLReport.Section("Fewest values above 0 in \(name)", .gallery(cases.lowest(12))),
      HTMLReport.Section("Most values above 0 in \(name)", .gallery(cases.highest(12))),
      HTMLReport.Section(
        "Pictures", note: "Values of \(name.split(separator: " ")[0]). \(cases.remark)",
        .table(cases.table)),
    ]
    return report
  }

  /// The rows whose depth sums are chessboards.
  private static func chessboards(_ record: Manifest.Statistics) -> String {
    let found = record.rows.filter(\.isChessboard).map { "\($0.block) \($0.branch)" }
    guard found.count > 4 else { return found.isEmpty ? "none" : found.joined(separator: ", ") }
    return "\(found.count) of \(record.rows.count) branches: \(found.prefix(3).joined(separator: ", ")) …"
  }

  private func histograms(_ statistics: ActivationStatistics) -> [HTMLReport.Section] {
    let measures: [(name: String, axis: String, shares: (BranchStatistics) -> ShareDistribution)] = [
      ("Sparsity (Hoyer)", "0: even, 1: one value alone", { $0.sparsity }),
      ("Relative spatial entropy", "0: one cell, 1: everywhere the same", { $0.relativeEntropy }),
      ("Chessboard", "0: smooth, 1: neighbours alternate", { $0.chessboard }),
    ]
    let shown = rows.map { statistics.rows[$0] }
    let pair = shown.filter { $0.branch == .branch(.input) || $0.branch == .branch(.decoder) }
    let chosen = pair.count == 2 ? pair : Array(shown.prefix(3))
    return measures.map { measure in
      HTMLReport.Section(
        measure.name,
        .histogram(
          ReportHistogram(
            axis: measure.axis, range: 0...1, decimals: 2,
            series: chosen.map {
              ReportHistogram.Series($0.branch.title, counts: measure.shares(statistics[$0]).counts)
            })))
    }
  }

  private static func table(_ record: Manifest.Statistics) -> ReportTable {
    ReportTable(
      columns: [
        ReportTable.Column("block", .text), ReportTable.Column("branch", .text),
        ReportTable.Column("channels", .number(decimals: 0)), .percent("above 0", decimals: 2),
        ReportTable.Column("RMS", .number(decimals: 4)), ReportTable.Column("RMS / x", .number(decimals: 3)),
        ReportTable.Column("mean |·|", .number(decimals: 4)),
        ReportTable.Column("mean |·| / x", .number(decimals: 3)),
        ReportTable.Column("dead channels", .number(decimals: 0)),
        ReportTable.Column("Hoyer", .number(decimals: 3)),
        ReportTable.Column("entropy, bits", .number(decimals: 3)),
        ReportTable.Column("relative", .number(decimals: 3)),
        ReportTable.Column("chessboard", .number(decimals: 3)),
        ReportTable.Column("of white noise", .number(decimals: 3)),
      ],
      rows: record.rows.map { row in
        ReportTable.Row([
          .text("\(row.block) (\(row.paperName))"), .text(row.branch), .number(Double(row.channels)),
          .number(row.positiveShare * 100), .number(row.rootMeanSquare), .number(row.rootMeanSquareToX),
          .number(row.meanAbsolute), .number(row.meanAbsoluteToX), .number(Double(row.deadChannels)),
          .number(row.hoyer), .number(row.entropyBits), .number(row.relativeEntropy),
          .number(row.chessboard), .number(row.whiteNoise),
        ])
      })
  }
}
