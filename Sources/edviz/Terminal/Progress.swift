import Glibc

/// How far a long run has come: a bar on a terminal, a line now and then elsewhere, nothing when quiet.
struct Progress {
  private let total: Int
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  private var done = 0

  /// Runs of one or two steps are over before a bar can be read.
  init(total: Int, isQuiet: Bool) {
    self.total = total
    isShown = !isQuiet && total > 2
  }

  mutating func advance() {
    done += 1
    guard isShown else { return }
    let now = ContinuousClock.now
    let interval: Duration = Terminal.isInteractive ? .milliseconds(100) : .seconds(10)
    guard done == total || (lastShown ?? start).duration(to: now) >= interval else { return }
    lastShown = now
    let seconds = Double(start.duration(to: now) / .seconds(1))
    let left = Int((seconds / Double(done) * Double(total - done)).rounded(.up))
    let counts = "\(done)/\(total), \(rate(seconds)) a second, \(left) s left"
    if Terminal.isInteractive {
      let filled = 30 * done / total
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
      Terminal.write("\r\u{1B}[K\(bar) \(counts)" + (done == total ? "\n" : ""), to: STDERR_FILENO)
    } else {
      Terminal.note("edviz: \(counts)")
    }
  }

  /// Clears the bar's line, so that a message does not stand in it.
  func makeRoom() {
    if isShown, Terminal.isInteractive { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
  }

  private func rate(_ seconds: Double) -> String {
    let tenths = Int((Double(done) / max(seconds, 1e-9) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
