import EDViz
import Glibc
import Synchronization

/// Ctrl-C and SIGTERM while something runs that can be stopped and continued: the first asks it to stop, the second
/// ends the process.
enum Interruption {
  static let request = StopRequest()

  private static let isQuiet = Atomic(false)

  static func listen(isQuiet: Bool) {
    _ = request
    Self.isQuiet.store(isQuiet, ordering: .relaxed)
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      var before = sigaction()
      sigaction(number, nil, &before)
      // Who started this process in the background of a script wants Ctrl-C for others.
      guard !isIgnored(before) else { continue }
      signal(number) { number in
        if !Interruption.request.request(signal: number) { _exit(128 + number) }
        Interruption.acknowledge()
      }
      sigaddset(&signals, number)
    }
    // A parent may have left them blocked.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Only what a signal handler may call.
  private static func acknowledge() {
    guard !isQuiet.load(ordering: .relaxed) else { return }
    let text: StaticString = "\nedviz: stops after this step and saves; once more stops at once\n"
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The status of a process that a signal ended, as shells count.
  static func status(_ signal: Int32) -> Failure.Code { signal == SIGTERM ? .terminated : .interrupted }
}
