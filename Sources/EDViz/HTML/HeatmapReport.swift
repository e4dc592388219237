import Attention
import Figures
import HTMLReports
import Images
import Reports

/// The page that `edviz heatmap --report` writes: a row for each photograph, and those that the network is least and
/// most sure of.
public struct HeatmapReport {
  private var cases: RankedCases
  private var certainty = ShareDistribution()
  private let taps: [Tap]
  private let showsClasses: Bool

  /// A page without photographs.
  /// - Parameter classes: how many of the best classes are known of each.
  public init(taps: [Tap], classes: Int) {
    self.taps = taps
    showsClasses = classes > 0
    let ends = taps.flatMap { tap -> [ReportTable.Column] in
      let name = taps.count > 1 ? "\(tap.branch.title) " : ""
      return [
        ReportTable.Column("\(name)least", .number(decimals: 3)),
        ReportTable.Column("\(name)largest", .number(decimals: 3)),
      ]
    }
    let classes: [ReportTable.Column] = [ReportTable.Column("best class", .text), .percent("probability")]
    cases = RankedCases(
      columns: [ReportTable.Column("size", .text)] + (showsClasses ? classes : []) + ends
        + [ReportTable.Column("remarks", .text)])
  }

  /// Adds a photograph that was looked at.
  /// - Throws: `ImageError`.
  public mutating func add(
    _ seen: PhotographRun.Seen, style: HeatmapStyle, record: Manifest.Input
  ) throws {
    let best = record.classes.first
    if let best { certainty.add(Double(best.probability)) }
    var cells: [ReportTable.Cell] = [.text((record.size ?? []).map(String.init).joined(separator: " × "))]
    if showsClasses {
      cells.append(.text(best.map { $0.name ?? "class \($0.index)" } ?? ""))
      cells.append(.number(best.map { Double($0.probability) * 100 }))
    }
    for map in record.maps { cells += map.rawRange.map { .number(Double($0)) } }
    cells.append(.text(record.warnings.joined(separator: "; ")))
    let response = record.maps.first.map { Double($0.rawRange[1]) } ?? 0
    try cases.add(
      record.path, score: showsClasses ? Double(best?.probability ?? 0) : response, cells: cells,
      pictures: { try Self.pictures(seen.photograph, maps: seen.look.maps, style) })
  }

  /// The photograph and one overlay for each map, small.
  static func pictures(
    _ photograph: Image, maps: [(tap: Tap, map: FloatMap)], _ style: HeatmapStyle
  ) throws -> ReportCase.Pictures {
    // Made small before it is coloured: a report may have hundreds.
    let longest = max(photograph.width, photograph.height)
    let share = min(1, Double(Thumbnail.large) / Double(longest))
    func scaled(_ length: Int) -> Int { max(1, Int((Double(length) * share).rounded())) }
    let small = photograph.resized(width: scaled(photograph.width), height: scaled(photograph.height))
    let figures = maps.map { entry in
      let figure = HeatmapFigure(photograph: small, maps: [("", entry.map)], style: style)
      return (entry.tap.branch.title, figure.overlay)
    }
    let first = figures.first?.1 ?? small
    return ReportCase.Pictures(
      thumbnail: try Thumbnail(first, side: Thumbnail.small),
      large: [("photograph", try Thumbnail(small, side: Thumbnail.large))]
        + (try figures.map { ($0.0, try Thumbnail($0.1, side: Thumbnail.large)) }))
  }

  /// The page.
  /// - Parameter failed: how many photographs could not be shown.
  public func report(_ manifest: Manifest, failed: Int) -> HTMLReport {
    let branches = taps.map { "\($0.block) \($0.branch.title)" }.joined(separator: ", ")
    var summary = [("photographs", "\(cases.count)"), ("failed", "\(failed)"), ("shown", branches)]
    if showsClasses {
      summary.append(
        ("mean probability", "\((certainty.mean.mean * 100).reportText(decimals: 1)) % of the best class"))
    }
    var report = HTMLReport(
      title: "Where \(manifest.model?.name ?? "no model") looks", summary: summary,
      protocolFacts: [
        ("map", "depth sum: sum over channels; bilinear, half-pixel centres"),
        (
          "colours",
          "\(manifest.colorMap ?? ""), \(manifest.scale ?? ""), \(manifest.alpha ?? 0) of the mixture"
        ),
      ], manifest: manifest)
    let (low, high) = showsClasses ? ("Least sure", "Most sure") : ("Weakest response", "Strongest response")
    report.sections = [
      HTMLReport.Section(low, .gallery(cases.lowest(12))),
      HTMLReport.Section(high, .gallery(cases.highest(12))),
    ]
    if showsClasses {
      report.sections.append(
        HTMLReport.Section(
          "Probability of the best class",
          .histogram(
            ReportHistogram(
              axis: "probability in %", range: 0...100,
              series: [ReportHistogram.Series("photographs", counts: certainty.counts)]))))
    }
    report.sections.append(
      HTMLReport.Section(
        "Photographs", note: "Values are those of the depth sums before any scaling. \(cases.remark)",
        .table(cases.table)))
    return report
  }
}
