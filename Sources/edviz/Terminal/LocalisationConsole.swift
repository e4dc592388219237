import EDViz
import Glibc

/// Shows what a run of scoring found.
struct LocalisationConsole {
  let results: LocalisationResults
  let record: Manifest.Localisation
  let common: CommonOptions

  /// Prints the record, or tables for a person.
  func show(_ manifest: Manifest) throws {
    guard !common.json else {
      return Terminal.write(String(decoding: try manifest.encoded(), as: UTF8.self), to: STDOUT_FILENO)
    }
    for row in common.quiet ? [] : results.rows where row.emptyMasks > 0 {
      Terminal.note("edviz: warning: the mask of \(name(row)) is empty in \(row.emptyMasks) pictures")
    }
    let rule = results.maskProtocol
    let comparison = rule.comparison == .above ? "strictly above" : "at or above"
    let place = rule.resolution == .image ? "map at the picture's size" : "network's own map"
    let averaging =
      results.rules.averaging == .pictures ? "means over" : "mask IoU pooled, other scores means, over"
    var text = """
      \(scores)

      \(averaging) \(results.counts.scored) pictures; \(comparison) \(rule.threshold.name) of the \(place), parts: \
      \(rule.component.rawValue)
      """
    if let differences { text += "\n\n" + differences }
    Terminal.result(text + "\n" + (manifest.folder ?? ""))
  }

  private var metrics: [LocalisationMetric] {
    LocalisationMetric.allCases.filter { metric in
      results.rows.contains { $0.scores[metric] != nil && (!$0.setting.isTrivial || $0.curve != nil) }
    }
  }

  private var namesModels: Bool { Set(results.rows.compactMap(\.setting.model)).count > 1 }

  private var scores: String {
    var headings = ["mask"] + (namesModels ? ["model"] : []) + ["block", "input"]
    for metric in metrics {
      headings.append(metric.title)
      if metric == .maskIoU { headings += ["95 % interval", "best IoU", "at"] }
    }
    var table = TextTable(headings)
    for row in results.rows {
      let setting = row.setting
      let size = setting.inputSize.map(String.init) ?? (setting.isTrivial ? "" : "as is")
      var cells = [setting.title] + (namesModels ? [setting.model ?? ""] : []) + [setting.block ?? "", size]
      for metric in metrics {
        let estimate = row.scores[metric]
        cells.append(estimate.map { Self.text($0.value, metric) } ?? "")
        guard metric == .maskIoU else { continue }
        cells.append(estimate.map { "\($0.low.fixed(4))–\($0.high.fixed(4))" } ?? "")
        let best = row.curve?.best(results.rules.averaging)
        cells += [best?.iou.fixed(4) ?? "", best.map { Double($0.level).fixed(2) } ?? ""]
      }
      table.append(cells)
    }
    return table.text
  }

  /// How other rows with a network differ from the first, for the scores that people compare.
  private var differences: String? {
    var table = TextTable(["difference from \(name(results.rows[0]))", "score", "", "95 % interval", "p"])
    let shown = results.differences.filter {
      !results.rows[$0.row].setting.isTrivial && [.maskIoU, .averagePrecision].contains($0.metric)
    }
    guard !shown.isEmpty else { return nil }
    for one in shown {
      let difference = one.difference
      table.append([
        name(results.rows[one.row]), one.metric.title, Self.signed(difference.value),
        "\(Self.signed(difference.low)) to \(Self.signed(difference.high))", one.pValue.fixed(4),
      ])
    }
    return table.text
  }

  private func name(_ row: LocalisationResults.Row) -> String {
    let setting = row.setting
    return [
      namesModels ? setting.model : nil, setting.block, setting.title, setting.inputSize.map { "at \($0)" },
    ].compactMap { $0 }.joined(separator: " ")
  }

  private static func text(_ value: Double, _ metric: LocalisationMetric) -> String {
    metric.isShare ? (value * 100).fixed(1) + " %" : value.fixed(4)
  }

  private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + value.fixed(4) }
}
