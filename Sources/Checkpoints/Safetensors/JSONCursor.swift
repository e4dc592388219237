/// Reads the small part of JSON that a safetensors header consists of, without recursion.
struct JSONCursor {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private let path: String

  /// `bytes` are the header's, and outlive the cursor.
  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// True if only white space is left.
  mutating func isAtEnd() -> Bool {
    skipSpace()
    return position == bytes.count
  }

  /// Steps over `character` if it is next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(CheckpointError) {
    guard skip(character) else { throw unexpected("'\(character)'") }
  }

  /// A number without sign, fraction or exponent that an `Int` holds.
  mutating func integer() throws(CheckpointError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, let digit = Self.digit(bytes[position]) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowedSum) = product.addingReportingOverflow(digit)
      guard !overflow, !overflowedSum else { throw malformed("number too large at byte \(8 + start)") }
      value = sum
      position += 1
    }
    let hasLeadingZero = position - start > 1 && bytes[start] == UInt8(ascii: "0")
    guard position > start, !hasLeadingZero else { throw unexpected("a whole number") }
    return value
  }

  /// A list of numbers.
  mutating func integers(atMost limit: Int) throws(CheckpointError) -> [Int] {
    try expect("[")
    var values: [Int] = []
    if skip("]") { return values }
    repeat {
      guard values.count < limit else {
        throw .limitExceeded(path: path, part: "a list in its header", limit: "\(limit) numbers")
      }
      values.append(try integer())
    } while skip(",")
    try expect("]")
    return values
  }

  /// Calls `body` with each key of an object; it reads the value.
  mutating func object(
    _ body: (inout JSONCursor, String) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try expect("{")
    if skip("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try body(&self, key)
    } while skip(",")
    try expect("}")
  }

  mutating func string() throws(CheckpointError) -> String {
    try expect("\"")
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        return try text(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw unexpected("no control character")
      default: position += 1
      }
    }
    throw .truncated(path: path, part: "its header")
  }

  /// The slow way, for a string that has escapes.
  private mutating func escapedString(from start: Int) throws(CheckpointError) -> String {
    var content = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(content)
      case UInt8(ascii: "\\"): content += String(try escape()).utf8
      case 0..<0x20: throw unexpected("no control character")
      default: content.append(byte)
      }
    }
    throw .truncated(path: path, part: "its header")
  }

  private mutating func escape() throws(CheckpointError) -> Character {
    guard position < bytes.count else { throw .truncated(path: path, part: "its header") }
    defer { position += 1 }
    switch bytes[position] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try unicodeEscape())
    default: throw unexpected("an escape")
    }
  }

  /// The scalar of `uXXXX`, or of a surrogate pair of them; leaves the position on the last digit.
  private mutating func unicodeEscape() throws(CheckpointError) -> Unicode.Scalar {
    let high = try codeUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    let continues =
      position + 2 < bytes.count && bytes[position + 1] == UInt8(ascii: "\\")
      && bytes[position + 2] == UInt8(ascii: "u")
    guard (0xd800..<0xdc00).contains(high), continues else { throw unexpected("a surrogate pair") }
    position += 2
    let low = UInt32(try codeUnit())
    guard (0xdc00..<0xe000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((UInt32(high) - 0xd800) << 10) + (low - 0xdc00))
    else { throw unexpected("a surrogate pair") }
    return scalar
  }

  private mutating func codeUnit() throws(CheckpointError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      position += 1
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt16(digit)
    }
    return value
  }

  private func text(_ content: some Sequence<UInt8>) throws(CheckpointError) -> String {
    guard let text = String(validating: content, as: UTF8.self) else { throw malformed("text is not UTF-8") }
    return text
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0a, 0x0d, 0x09: position += 1
      default: return
      }
    }
  }

  private static func digit(_ byte: UInt8) -> Int? {
    byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
  }

  /// An error that says what should stand at the present position of the file.
  private func unexpected(_ wanted: String) -> CheckpointError {
    malformed("\(wanted) expected at byte \(8 + position)")
  }

  func malformed(_ reason: String) -> CheckpointError {
    .malformed(path: path, part: "its header", reason: reason)
  }
}
