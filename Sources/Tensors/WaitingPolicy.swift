/// How the threads of a team wait for each other, judged by the processor time that others take from them.
///
/// To spin is quickest on a quiet machine. Where another program wants the processors, a thread that spins keeps one from
/// those that it waits for, and each step of a network takes as long as the others' turns. Then it is better to sleep, and to
/// try again after a while: the longer, the sooner the last attempts failed.
package struct WaitingPolicy: Sendable {
  /// A way to wait.
  package enum Waiting: Sendable { case spinning, sleeping }

  /// What a program has used until some time; everything only grows.
  struct Usage {
    /// The time.
    var seconds = 0.0
    /// Processor time of all threads.
    var processorSeconds = 0.0
    /// How often the kernel took a processor from a thread that would have gone on.
    var preemptions = 0

    static func - (left: Usage, right: Usage) -> Usage {
      Usage(
        seconds: left.seconds - right.seconds,
        processorSeconds: left.processorSeconds - right.processorSeconds,
        preemptions: left.preemptions - right.preemptions)
    }

    static func + (left: Usage, right: Usage) -> Usage {
      Usage(
        seconds: left.seconds + right.seconds,
        processorSeconds: left.processorSeconds + right.processorSeconds,
        preemptions: left.preemptions + right.preemptions)
    }
  }

  /// Processor time that a team lacks in a second, from which on a machine counts as busy: threads that spin always run, and
  /// one other that computes takes half of a processor or more.
  static let busyShare = 0.3
  /// Seconds of processor time that must be lacking; less may be one turn of a short task.
  static let busySeconds = 0.015
  /// Else it was the program that did not use its processors.
  static let fewestPreemptions = 2
  /// Seconds after which time is counted anew.
  static let window = 0.05
  /// Seconds of sleeping before spinning is tried again, at first and at most.
  static let patience = 0.1...4.0

  /// How to wait now.
  private(set) var waiting: Waiting
  /// At the beginning of the window, what was used between passes added; or at that of sleeping.
  private var start = Usage()
  /// When it was last judged.
  private var last = Usage()
  private var patience = Self.patience.lowerBound
  /// When spinning was last tried again.
  private var attempt = -Double.infinity

  /// A policy from the time 0 on, at which a machine looks crowded, or not.
  init(isCrowded: Bool = false) { waiting = isCrowded ? .sleeping : .spinning }

  /// A team begins to compute; what was since the last judgement does not count.
  mutating func begin(_ usage: Usage) {
    if waiting == .spinning { start = start + (usage - last) }
    last = usage
  }

  /// Judges while a team of so many threads computes.
  mutating func judge(_ usage: Usage, threads: Int) {
    last = usage
    let used = usage - start
    switch waiting {
    case .spinning:
      let lost = Double(threads) * used.seconds - used.processorSeconds
      if used.preemptions >= Self.fewestPreemptions, lost >= Self.busySeconds,
        lost >= Self.busyShare * used.seconds
      {
        let failed = usage.seconds - attempt < patience
        patience = failed ? min(2 * patience, Self.patience.upperBound) : Self.patience.lowerBound
        (waiting, start) = (.sleeping, usage)
      } else if used.seconds > Self.window {
        start = usage
      }
    case .sleeping:
      guard used.seconds >= patience else { return }
      (waiting, start, attempt) = (.spinning, usage, usage.seconds)
    }
  }
}
