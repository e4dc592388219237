/// JSON under construction, as UTF-8.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  /// Appends text as it is.
  mutating func append(_ text: String) { bytes += text.utf8 }

  /// Appends a string literal.
  mutating func append(quoting text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends spaces until the length, with `start` bytes before it, is a multiple of `alignment`.
  mutating func pad(toMultipleOf alignment: Int, after start: Int) {
    while !(start + bytes.count).isMultiple(of: alignment) { bytes.append(UInt8(ascii: " ")) }
  }
}
