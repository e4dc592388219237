import FoundationEssentials
import Glibc

/// Where words go: results to standard output, everything else to standard error.
enum Terminal {
  /// True if a person may be watching standard error.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  static func result(_ text: String) { write(harmless(text) + "\n", to: STDOUT_FILENO) }

  static func note(_ text: String) { write(harmless(text) + "\n", to: STDERR_FILENO) }

  /// Names of files may hold characters that steer a terminal; they are shown as a question mark.
  private static func harmless(_ text: String) -> String {
    let steers = { (scalar: Unicode.Scalar) in
      scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    }
    guard text.unicodeScalars.contains(where: steers) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { steers($0) ? "?" : $0 }))
  }

  /// One sentence about a failure; as a JSON object on a line of its own if asked for.
  static func complain(_ text: String, asJSON: Bool, code: Int32) {
    write(complaint(text, asJSON: asJSON, code: code), to: STDERR_FILENO)
  }

  /// What `complain` writes.
  static func complaint(_ text: String, asJSON: Bool, code: Int32) -> String {
    guard asJSON else { return harmless("edviz: " + text) + "\n" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try? encoder.encode(ErrorRecord(error: ErrorRecord.Body(code: code, message: text)))
    return harmless(data.map { String(decoding: $0, as: UTF8.self) } ?? text) + "\n"
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
