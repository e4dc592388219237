import Attention
import Figures
import HTMLReports
import Images
import Reports

/// The page that `edviz evaluate masks --report` and `cub --report` write: a row for each setting with its intervals, one
/// for each picture, and the pictures whose masks lie worst and best under the first setting.
public struct LocalisationReport {
  private let results: LocalisationResults
  private let run: LocalisationRun
  private let inputs: [String: LocalisationInput]

  /// A page on a finished run over these pictures.
  public init(_ results: LocalisationResults, run: LocalisationRun, inputs: [LocalisationInput]) {
    self.results = results
    self.run = run
    self.inputs = Dictionary(inputs.map { ($0.path, $0) }) { first, _ in first }
  }

  /// The page; the pictures that it shows are looked at again, and have none in it if that fails.
  public func report(_ manifest: Manifest) -> HTMLReport {
    let (scores, rows) = (results.scores, results.rows)
    let first = rows[0]
    func shown(_ estimate: Estimate?) -> String {
      guard let estimate else { return "–" }
      let ends = [estimate.low, estimate.high].map { $0.reportText(decimals: 4) }
      return "\(estimate.value.reportText(decimals: 4)) (\(ends[0]) to \(ends[1]))"
    }
    var report = HTMLReport(
      title: "Attention on marked objects",
      summary: [
        ("pictures", "\(scores.pictures.count)"), ("without a score", "\(results.counts.unscored)"),
        ("first row", name(first.setting)), ("its mask IoU", shown(first.scores[.maskIoU])),
      ], protocolFacts: protocolFacts(manifest), manifest: manifest)
    let cases = cases()
    report.sections = [
      HTMLReport.Section(
        "Scores", note: "Below the models, masks that need no network.", .table(summaryTable)),
      HTMLReport.Section("Worst", .gallery(cases.lowest(12))),
      HTMLReport.Section("Best", .gallery(cases.highest(12))),
      HTMLReport.Section("Mask IoU of pictures", .histogram(histogram)),
    ]
    if !results.differences.isEmpty {
      report.sections.append(
        HTMLReport.Section(
          "Differences from the first row",
          note: "Paired over pictures; p is not corrected for their number.",
          .table(differencesTable)))
    }
    report.sections.append(HTMLReport.Section("Pictures", note: cases.remark, .table(cases.table)))
    return report
  }

  /// A setting in as many words as tell it apart.
  private func name(_ setting: LocalisationSetting) -> String {
    [setting.model, setting.block, setting.title, setting.inputSize.map { "\($0) px" }].compactMap { $0 }
      .joined(separator: " ")
  }

  private var metrics: [LocalisationMetric] {
    LocalisationMetric.allCases.filter { metric in results.rows.contains { $0.scores[metric] != nil } }
  }

  private var summaryTable: ReportTable {
    ReportTable(
      columns: [ReportTable.Column("mask", .text)]
        + metrics.map { .init($0.rawValue.replacing("_", with: " "), .number(decimals: 4)) }
        + [.init("mask IoU, 95 % from", .number(decimals: 4)), .init("to", .number(decimals: 4))],
      rows: results.rows.map { row in
        let interval = row.scores[.maskIoU]
        return ReportTable.Row(
          [.text(name(row.setting))] + metrics.map { .number(row.scores[$0]?.value) }
            + [.number(interval?.low), .number(interval?.high)])
      })
  }

  private var differencesTable: ReportTable {
    ReportTable(
      columns: [
        .init("mask", .text), .init("score", .text), .init("difference", .number(decimals: 4)),
        .init("95 % from", .number(decimals: 4)), .init("to", .number(decimals: 4)),
        .init("p", .number(decimals: 4)),
      ],
      rows: results.differences.map { entry in
        ReportTable.Row([
          .text(name(results.rows[entry.row].setting)),
          .text(entry.metric.rawValue.replacing("_", with: " ")),
          .number(entry.difference.value), .number(entry.difference.low), .number(entry.difference.high),
          .number(entry.pValue),
        ])
      })
  }

  /// Mask IoU of the first settings, in twenty steps.
  private var histogram: ReportHistogram {
    let series = results.rows.enumerated().filter { !$0.element.setting.isTrivial }.prefix(4)
    return ReportHistogram(
      axis: "mask IoU", range: 0...1, decimals: 2,
      series: series.map { index, row in
        var counts = [Int](repeating: 0, count: 20)
        for value in results.scores.values(.maskIoU, setting: index) where !value.isNaN {
          counts[min(19, max(0, Int(value * 20)))] += 1
        }
        return ReportHistogram.Series(name(row.setting), counts: counts)
      })
  }

  private func protocolFacts(_ manifest: Manifest) -> [(name: String, value: String)] {
    let rule = results.maskProtocol
    var facts: [(name: String, value: String)] = [
      (
        "threshold", "\(rule.threshold.name), \(rule.comparison.rawValue), on the \(rule.resolution.rawValue)"
      ),
      ("parts", "\(rule.component.rawValue), \(rule.connectivity.rawValue) neighbours"),
      ("averaging", "\(results.rules.averaging)"),
      ("pointing tolerance", "\(results.rules.tolerance) pixels"),
    ]
    if let record = manifest.localisation {
      facts += [
        ("objects", "\(record.objects): \(record.reading)"), ("intervals", record.intervals),
        ("test", record.test),
      ]
    }
    return facts
  }

  /// All pictures by their mask IoU under the first setting.
  private func cases() -> RankedCases {
    let scores = results.scores
    let columns: [(title: String, column: LocalisationScores.Column)] = [
      ("mask IoU", .maskIoU), ("mask area", .maskArea), ("largest box IoU", .largestBoxIoU),
      ("pixel AP", .averagePrecision), ("energy", .energy), ("pointing", .pointing),
    ]
    let others = results.rows.indices.dropFirst().filter { !results.rows[$0].setting.isTrivial }.prefix(6)
    var cases = RankedCases(
      columns: columns.map { .init($0.title, .number(decimals: 3)) }
        + others.map { .init("mask IoU: \(name(results.rows[$0].setting))", .number(decimals: 3)) })
    let values =
      columns.map { scores.values($0.column, setting: 0) }
      + others.map { scores.values(.maskIoU, setting: $0) }
    for (place, path) in scores.pictures.enumerated() {
      cases.add(
        path, score: values[0][place], cells: values.map { .number($0[place].isNaN ? nil : $0[place]) },
        pictures: { inputs[path].flatMap { try? pictures($0) } })
    }
    return cases
  }

  private func pictures(_ input: LocalisationInput) throws -> ReportCase.Pictures {
    let seen = try run.seen(input)
    var pictures = try HeatmapReport.pictures(seen.photograph, maps: [seen.map], HeatmapStyle())
    var drawing = seen.photograph
    drawing.drawOutline(of: seen.object)
    drawing.drawOutline(of: seen.mask, color: .yellow)
    pictures.large.append(("object green, mask yellow", try Thumbnail(drawing, side: Thumbnail.large)))
    return pictures
  }
}

extension LocalisationRun {
  /// What the first setting makes of a picture, for people to see.
  func seen(
    _ input: LocalisationInput
  ) throws -> (photograph: Image, object: Mask, mask: Mask, map: (tap: Tap, map: FloatMap)) {
    let pass = passes[0]
    let image = try decoder.decode(contentsOf: input.path).image
    let object = try input.object(in: image, decoder: decoder)
    let prepared = AttentionSession.prepare(image, for: preprocessings[pass.preprocessing])
    let look = try pass.model.session.look(at: prepared, taps: [pass.taps[0]])
    let region = look.region
    let mask = rule.mask(of: look.maps[0].map, width: region.width, height: region.height).mask
    return (image.cropped(to: region), object.mask.cropped(to: region), mask, look.maps[0])
  }
}
