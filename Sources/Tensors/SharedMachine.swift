import CKernels
import Glibc
import Synchronization

/// Good manners on a machine that others use, too: what computes a network calls `begin` before its pass and `heed` after each
/// step, and the threads of teams wait for each other as `WaitingPolicy` says.
///
/// How threads wait changes no result, and passes forward alone take fewer threads.
package final class SharedMachine: Sendable {
  /// The machine.
  package static let shared = SharedMachine()

  private struct State {
    // A program of one pass has no time to find out.
    var policy = WaitingPolicy(isCrowded: edviz_is_crowded() != 0)
    var looked: ContinuousClock.Instant?
    /// The one way to wait, while there is one.
    var held: WaitingPolicy.Waiting?
    var waiting = WaitingPolicy.Waiting.spinning

    mutating func wait() {
      let wanted = held ?? policy.waiting
      guard wanted != waiting else { return }
      waiting = wanted
      edviz_sleep_while_waiting(wanted == .sleeping ? 1 : 0)
    }
  }

  private let start = ContinuousClock.now
  private let state = Mutex(State())
  /// Between looks, which take a microsecond or two. Threads spin longer than that, so that shorter gaps between passes are as
  /// good as none.
  private let pause = Duration.milliseconds(2)
  /// Whether the environment leaves open how to wait.
  private let isOpen = getenv("GOMP_SPINCOUNT") == nil && getenv("OMP_WAIT_POLICY") == nil

  private init() {}

  /// The thread's team begins to compute.
  /// - Returns: how many threads are best for what does not depend on their number: one where others keep every processor busy,
  ///   because each step of a team would wait for the last of its turns.
  @discardableResult
  package func begin() -> Int {
    look { policy, usage, _ in policy.begin(usage) }
    let threads = Threads.count
    guard isOpen, threads > 1 else { return threads }
    let isSleeping = state.withLockIfAvailable { $0.waiting == .sleeping } ?? false
    return isSleeping && edviz_is_crowded() != 0 ? 1 : threads
  }

  /// Looks, while the thread's team computes, whether others want the processors, and lets teams wait accordingly.
  package func heed() {
    look { policy, usage, threads in policy.judge(usage, threads: threads) }
  }

  /// Lets teams wait in one way whatever happens, until nil is given; for tests.
  package func hold(_ waiting: WaitingPolicy.Waiting?) {
    state.withLock { state in
      state.held = waiting
      state.wait()
    }
  }

  private func look(_ body: (inout WaitingPolicy, WaitingPolicy.Usage, _ threads: Int) -> Void) {
    let threads = Threads.count
    // Who computes alone waits for nobody.
    guard isOpen, threads > 1 else { return }
    let now = ContinuousClock.now
    // Another thread that looks does it for all.
    _ = state.withLockIfAvailable { state in
      if let looked = state.looked, now - looked < pause { return }
      state.looked = now
      body(&state.policy, usage(at: now), threads)
      state.wait()
    }
  }

  private func usage(at now: ContinuousClock.Instant) -> WaitingPolicy.Usage {
    var used = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &used)
    let seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec
    let microseconds = used.ru_utime.tv_usec + used.ru_stime.tv_usec
    return WaitingPolicy.Usage(
      seconds: (now - start) / .seconds(1), processorSeconds: Double(seconds) + Double(microseconds) / 1e6,
      preemptions: used.ru_nivcsw)
  }
}
