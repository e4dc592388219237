import EDViz
import FoundationEssentials
import Glibc

/// Where words go: results to standard output, everything else to standard error.
enum Terminal {
  /// True if a person may be watching standard error.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// A result, of one line or several.
  static func result(_ text: String) { write(Paths.shown(text, keepsLines: true) + "\n", to: STDOUT_FILENO) }

  /// A remark, on one line whatever names of files it holds.
  static func note(_ text: String) { write(Paths.shown(text) + "\n", to: STDERR_FILENO) }

  /// One sentence about a failure; as a JSON object on a line of its own if asked for.
  static func complain(_ text: String, asJSON: Bool, code: Int32) {
    write(complaint(text, asJSON: asJSON, code: code), to: STDERR_FILENO)
  }

  /// What `complain` writes.
  static func complaint(_ text: String, asJSON: Bool, code: Int32) -> String {
    guard asJSON else { return Paths.shown("edviz: " + text) + "\n" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try? encoder.encode(ErrorRecord(error: ErrorRecord.Body(code: code, message: text)))
    return Paths.shown(data.map { String(decoding: $0, as: UTF8.self) } ?? text) + "\n"
  }

  private struct ErrorRecord: Encodable {
    struct Body: Encodable {
      var code: Int32
      var message: String
    }
    var error: Body
  }

  /// Writes text; results that cannot be written end the process, because nobody would miss them otherwise.
  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  /// Writes bytes of a text in the same way.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let written = Glibc.write(descriptor, start, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        guard descriptor == STDOUT_FILENO else { return }
        note("edviz: standard output cannot be written: \(String(cString: strerror(errno)))")
        exit(Failure.Code.cannotWrite.rawValue)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
  }
}
