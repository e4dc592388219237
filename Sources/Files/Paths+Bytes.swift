/// Names of files are bytes to the system, and text here.
///
/// A byte that is no part of UTF-8 stands as `\xe9`, and so do those of a character that ends a line or steers a terminal,
/// so that every name can be shown on one line, written down, compared and used again; a backslash that would read like one
/// stands as `\x5c`. Text and bytes give each other back.
extension Paths {
  /// The text of a name's bytes.
  public static func text(_ bytes: some Sequence<UInt8>) -> String { text(Array(bytes), keepsLines: false) }

  /// The text of a file that holds names: line ends and tabulators stay.
  static func lines(_ bytes: some Sequence<UInt8>) -> String { text(Array(bytes), keepsLines: true) }

  /// A text that may not come from the system, such as one out of a file of settings, with the same characters escaped.
  /// - Parameter keepsLines: whether line ends and tabulators stay.
  public static func shown(_ text: String, keepsLines: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: { isHidden($0, keepsLines) }) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar, keepsLines) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { shown += escape(byte) }
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// The text that a name stands for; bytes that are no UTF-8 are lost.
  package static func content(of name: String) -> String {
    String(decoding: system(name).dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func text(_ bytes: [UInt8], keepsLines: Bool) -> String {
    // Most names hold none of the bytes that an escape may be needed for.
    let isPlain = bytes.allSatisfy { byte in
      byte >= 0x20
        ? byte != backslash && byte != 0x7F && byte != 0xC2 && byte != 0xE2 : keepsLines && isLineByte(byte)
    }
    if isPlain, let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .emptyInput: return text
      case .valid(let encoded):
        let scalar = UTF8.decode(encoded)
        let isEscape = bytes[position] == backslash && escaped(bytes[position...]) != nil
        if isEscape || isHidden(scalar, keepsLines) {
          for byte in encoded { text += escape(byte) }
        } else {
          text.unicodeScalars.append(scalar)
        }
        position += encoded.count
      case .error(let length):
        for byte in bytes[position..<position + length] { text += escape(byte) }
        position += length
      }
    }
  }

  /// The bytes of a name, with the NUL at their end, as the system takes them.
  package static func system(_ path: String) -> [CChar] {
    let bytes = Array(path.utf8)
    guard bytes.contains(backslash) else { return Array(path.utf8CString) }
    var result: [CChar] = []
    var rest = bytes[...]
    while let first = rest.first {
      let byte = escaped(rest)
      result.append(CChar(bitPattern: byte ?? first))
      rest = rest.dropFirst(byte == nil ? 1 : 4)
    }
    return result + [0]
  }

  private static let backslash = UInt8(ascii: "\\")
  private static let digits = Array("0123456789abcdef".utf8)

  private static func escape(_ byte: UInt8) -> String {
    "\\x" + String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
  }

  /// Whether a character ends a line or steers a terminal.
  private static func isHidden(_ scalar: Unicode.Scalar, _ keepsLines: Bool) -> Bool {
    switch scalar.value {
    case 0..<0x20: !keepsLines || !isLineByte(UInt8(scalar.value))
    case 0x7F..<0xA0, 0x2028, 0x2029: true
    default: false
    }
  }

  /// A tabulator or the end of a line.
  private static func isLineByte(_ byte: UInt8) -> Bool { byte == 9 || byte == 10 || byte == 13 }

  /// The byte that the text begins with an escape for: one of those that UTF-8 does not spend on ASCII, one that no line
  /// shows, or a backslash.
  private static func escaped(_ text: ArraySlice<UInt8>) -> UInt8? {
    let start = text.startIndex
    guard text.count >= 4, text[start] == backslash, text[start + 1] == UInt8(ascii: "x"),
      let high = digits.firstIndex(of: text[start + 2]), let low = digits.firstIndex(of: text[start + 3])
    else { return nil }
    let byte = UInt8(high << 4 | low)
    return byte >= 0x7F || byte < 0x20 || byte == backslash ? byte : nil
  }
}

extension Paths {
  /// The text of a name that the system gave.
  public static func text(cString: UnsafePointer<CChar>) -> String {
    var end = cString
    while end.pointee != 0 { end += 1 }
    return text(UnsafeRawBufferPointer(start: cString, count: end - cString))
  }
}
