import EDViz
import Glibc

/// Ctrl-C and SIGTERM while something runs that can be stopped and continued: the first asks it to stop, the second
/// ends the process.
enum Interruption {
  static let request = StopRequest()

  static func listen() {
    _ = request
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if !Interruption.request.request(signal: number) { _exit(128 + number) }
      }
    }
  }

  /// The status of a process that a signal ended, as shells count.
  static func status(_ signal: Int32) -> Failure.Code { signal == SIGTERM ? .terminated : .interrupted }
}
