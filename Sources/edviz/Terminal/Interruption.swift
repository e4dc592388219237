import EDViz
import Glibc

/// Ctrl-C and SIGTERM while something runs that can be stopped and continued: the first asks it to stop, the second
/// ends the process.
enum Interruption {
  static let request = StopRequest()

  static func listen() {
    _ = request
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      var before = sigaction()
      sigaction(number, nil, &before)
      // Who started this process in the background of a script wants Ctrl-C for others.
      guard !isIgnored(before) else { continue }
      signal(number) { number in
        if !Interruption.request.request(signal: number) { _exit(128 + number) }
      }
      sigaddset(&signals, number)
    }
    // A parent may have left them blocked.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The status of a process that a signal ended, as shells count.
  static func status(_ signal: Int32) -> Failure.Code { signal == SIGTERM ? .terminated : .interrupted }
}
