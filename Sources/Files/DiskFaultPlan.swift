import Glibc
import Synchronization

/// Which change of the disk fails in a process that tests started: `EDVIZ_DISK_FAULT=NUMBER:ERRNO`, counted from 1, and
/// for a disk that stays full from there on `NUMBER+:ERRNO`. Number 0 fails nothing. `EDVIZ_DISK_LOG` names a file that
/// gets a line for each change.
final class DiskFaultPlan: Sendable {
  private struct Words: Sendable {
    var number: Int
    var isLasting: Bool
    var code: Int32
  }

  private let words: Words
  private let log: Int32
  private let count = Atomic(0)

  /// The plan that the environment holds; nil, as nearly always, if it holds none.
  static let ofEnvironment: DiskFaultPlan? = getenv("EDVIZ_DISK_FAULT").flatMap {
    DiskFaultPlan(String(cString: $0), log: getenv("EDVIZ_DISK_LOG").map { String(cString: $0) })
  }

  private init?(_ text: String, log path: String?) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let code = Int32(parts[1]) else { return nil }
    let isLasting = parts[0].hasSuffix("+")
    guard let number = Int(isLasting ? parts[0].dropLast() : parts[0]) else { return nil }
    words = Words(number: number, isLasting: isLasting, code: code)
    log = path.map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666) } ?? -1
  }

  func failure(of change: DiskChange) -> Int32? {
    let number = count.add(1, ordering: .relaxed).newValue
    if log >= 0 {
      var line = "\(change.kind.rawValue) \(change.path)\n"
      line.withUTF8 { _ = write(log, $0.baseAddress, $0.count) }
    }
    let isDue = number == words.number || words.isLasting && words.number > 0 && number > words.number
    return isDue ? words.code : nil
  }
}
