import EDViz

/// Tells a person on standard error how a run goes: a bar on a terminal, a line now and then elsewhere.
final class TrainingConsole: TrainingObserver {
  private let clock = ContinuousClock()
  private var lastShown: ContinuousClock.Instant?
  private var outline: RunOutline?
  private var begun: (time: ContinuousClock.Instant, step: Int)?

  private var interval: Duration { Terminal.isInteractive ? .milliseconds(200) : .seconds(30) }

  func observe(_ event: TrainingEvent, in run: TrainingRun) throws {
    switch event {
    case .runBegan(let outline): begin(outline, run)
    case .stepEnded(let report): show(report)
    case .validationAdvanced(let done, let total):
      guard Terminal.isInteractive, isTime else { return }
      bar(done, total, "validation \(done)/\(total)")
    case .epochEnded(let report):
      clear()
      note(Self.line(report, of: outline?.epochs ?? 0))
    case .badImages(let count, let first):
      clear()
      note(
        "warning: \(count) images cannot be read (others are learnt from in their place, and none is checked with): \(first.joined(separator: "; "))"
      )
    case .checkpointWritten: break
    case .runEnded(let end):
      clear()
      let best = end.best.map { ", best top-1 \(($0.top1 * 100).fixed(2)) % in epoch \($0.epoch)" } ?? ""
      note("\(end.reason == .finished ? "done" : "stopped") after \(end.step) steps\(best)")
    }
  }

  private func begin(_ outline: RunOutline, _ run: TrainingRun) {
    self.outline = outline
    begun = (clock.now, outline.resumedAt ?? 0)
    note(
      "\(run.recipe.name): \(Quantity.millions(outline.parameters)) parameters, \(outline.classes.count) classes, "
        + "\(outline.trainImages) images to learn from, \(outline.validationImages) to check with, "
        + "\(outline.epochs) epochs of \(outline.stepsPerEpoch) steps")
    if let loading = outline.loading, outline.resumedAt == nil { note(loading.summary) }
    if let step = outline.resumedAt { note("continues after step \(step)") }
    for remark in outline.remarks { note("warning: \(remark)") }
  }

  private var isTime: Bool {
    let now = clock.now
    guard lastShown.map({ now - $0 >= interval }) ?? Terminal.isInteractive else {
      if lastShown == nil { lastShown = now }
      return false
    }
    lastShown = now
    return true
  }

  private func show(_ report: StepReport) {
    guard isTime, let outline, let begun else { return }
    let total = outline.epochs * report.stepsPerEpoch
    let done = report.step - begun.step
    let seconds = (clock.now - begun.time) / .seconds(1)
    let left = seconds / Double(max(1, done)) * Double(total - report.step)
    let text =
      "epoch \(report.epoch)/\(outline.epochs), \(report.stepOfEpoch)/\(report.stepsPerEpoch), loss "
      + "\(report.loss.fixed(3)), \(report.imagesPerSecond.fixed(0)) images/s, \(Self.duration(left)) left"
    if Terminal.isInteractive { bar(report.stepOfEpoch, report.stepsPerEpoch, text) } else { note(text) }
  }

  private func bar(_ done: Int, _ total: Int, _ text: String) {
    let filled = 20 * done / max(1, total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    Terminal.write("\r\u{1B}[K\(bar) \(text)", to: 2)
  }

  private func clear() {
    if Terminal.isInteractive { Terminal.write("\r\u{1B}[K", to: 2) }
  }

  private func note(_ text: String) { Terminal.note("edviz: " + text) }

  static func line(_ report: EpochReport, of epochs: Int) -> String {
    func percent(_ share: Double) -> String { "\((share * 100).fixed(2)) %" }
    let learnt =
      "epoch \(report.epoch)/\(epochs): loss \(report.trainLoss.fixed(4)), top-1 \(percent(report.trainTop1))"
    let checked = report.validation.map {
      "; validation loss \($0.loss.fixed(4)), top-1 \(percent($0.top1)), top-5 \(percent($0.top5))"
        + (report.isBest ? " (best)" : "")
    }
    let speed = "; \(report.imagesPerSecond.fixed(0)) images/s, \(duration(report.trainSeconds))"
    return learnt + (checked ?? "") + speed
  }

  /// "42 s", "12 min", "3 h 05 min".
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "?" }
    guard seconds >= 99.5 else { return "\(Int(seconds.rounded())) s" }
    let minutes = Int((min(seconds, 1e12) / 60).rounded())
    guard minutes >= 100 else { return "\(minutes) min" }
    return "\(minutes / 60) h \(minutes % 60 < 10 ? "0" : "")\(minutes % 60) min"
  }
}
