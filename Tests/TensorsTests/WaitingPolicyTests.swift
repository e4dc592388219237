import Testing

@testable import Tensors

/// Ways to wait on machines that are made up.
@Suite struct WaitingPolicyTests {
  /// A machine whose processors a team of two gets in part.
  private struct Machine {
    var policy = WaitingPolicy()
    var usage = WaitingPolicy.Usage(seconds: 5, processorSeconds: 1, preemptions: 7)
    private var exact = 7.0

    init() { policy.begin(usage) }

    /// Computes in steps for so long, lacking a part of a processor and preempted so many times a second.
    mutating func compute(for duration: Double, lacking share: Double, rate: Double, step: Double = 0.002) {
      let end = usage.seconds + duration - step / 2
      while usage.seconds < end {
        pass(step, processors: 2 - share, rate: rate)
        policy.judge(usage, threads: 2)
      }
    }

    /// Does something else, or nothing, and begins to compute.
    mutating func rest(for duration: Double, processors: Double = 0, rate: Double = 0) {
      pass(duration, processors: processors, rate: rate)
      policy.begin(usage)
    }

    private mutating func pass(_ seconds: Double, processors: Double, rate: Double) {
      usage.seconds += seconds
      usage.processorSeconds += processors * seconds
      exact += rate * seconds
      usage.preemptions = Int(exact)
    }

    /// Computes until it waits otherwise than now, and returns how long that took, or nil after a minute.
    mutating func untilItChanges(lacking share: Double, rate: Double) -> Double? {
      let (began, before) = (usage.seconds, policy.waiting)
      while usage.seconds < began + 60 {
        compute(for: 0.002, lacking: share, rate: rate)
        if policy.waiting != before { return usage.seconds - began }
      }
      return nil
    }
  }

  @Test(arguments: [
    // Quiet.
    (0.0, 5.0, false),
    // Preempted often and for moments.
    (0.1, 1000.0, false),
    // On one thread, because there is little to do or a file to wait for.
    (1.0, 0.0, false),
    // One other thread on two processors, seldom or often preempted.
    (0.5, 100.0, true), (0.67, 300.0, true),
    // Many others, whose turns take long.
    (1.8, 48.0, true),
  ])
  func busyIsWhoLacksTimeAndIsPreempted(lacking: Double, rate: Double, isBusy: Bool) {
    var machine = Machine()
    let time = machine.untilItChanges(lacking: lacking, rate: rate)
    #expect((time != nil) == isBusy)
    // Within a pass or two.
    if let time { #expect(time < 0.1) }
  }

  /// One other short task does not make a machine busy.
  @Test func aShortTurnIsForgotten() {
    var machine = Machine()
    for _ in 0..<100 {
      machine.compute(for: 0.01, lacking: 1, rate: 300)
      machine.compute(for: 0.1, lacking: 0, rate: 0)
    }
    #expect(machine.policy.waiting == .spinning)
  }

  /// Long steps are judged as short ones.
  @Test(arguments: [(0.0, false), (1.0, true)]) func stepsMayBeLong(lacking: Double, isBusy: Bool) {
    var machine = Machine()
    machine.compute(for: 0.5, lacking: lacking, rate: 50, step: 0.5)
    #expect(machine.policy.waiting == (isBusy ? .sleeping : .spinning))
  }

  /// What a machine looks like at first is found out to be wrong soon.
  @Test func theFirstLookIsNotTheLast() {
    var policy = WaitingPolicy(isCrowded: true)
    var usage = WaitingPolicy.Usage()
    policy.begin(usage)
    for (seconds, waiting) in [(0.05, WaitingPolicy.Waiting.sleeping), (0.11, .spinning), (0.5, .spinning)] {
      usage.seconds = seconds
      usage.processorSeconds = 2 * seconds
      policy.judge(usage, threads: 2)
      #expect(policy.waiting == waiting)
    }
  }

  /// What a program leaves unused between its passes, or uses on other threads, says nothing.
  @Test func whatIsBetweenPassesDoesNotCount() {
    var machine = Machine()
    for _ in 0..<100 {
      machine.rest(for: 1, rate: 100)
      machine.compute(for: 0.004, lacking: 0, rate: 0)
    }
    #expect(machine.policy.waiting == .spinning)
    // Short passes add up.
    var passes = 0
    while machine.policy.waiting == .spinning, passes < 100 {
      machine.rest(for: 1, processors: 3)
      machine.compute(for: 0.004, lacking: 1, rate: 300)
      passes += 1
    }
    #expect((4...9).contains(passes))
  }

  /// Attempts to spin become rarer while they fail, so that they cost little, and are frequent again after one that lasted.
  @Test func attemptsBecomeRarerWhileTheyFail() throws {
    var machine = Machine()
    func nextRest() throws -> Double {
      let spun = machine.untilItChanges(lacking: 1, rate: 300)
      try #require(spun != nil && machine.policy.waiting == .sleeping)
      let slept = machine.untilItChanges(lacking: 1, rate: 5000)
      return try #require(slept)
    }
    for expected in [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 4, 4] {
      let rest = try nextRest()
      #expect(abs(rest - expected) < 0.003)
    }
    machine.compute(for: 5, lacking: 0, rate: 0)
    #expect(machine.policy.waiting == .spinning)
    let rest = try nextRest()
    #expect(abs(rest - 0.1) < 0.003)
  }
}
