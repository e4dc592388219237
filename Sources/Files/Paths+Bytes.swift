/// Names of files are bytes to the system, and text here.
///
/// A byte that is no part of UTF-8 stands as `\xe9`, so that every name can be shown, written down, compared and used
/// again; a backslash that would read like one stands as `\x5c`. Text and bytes give each other back.
extension Paths {
  /// The text of a name's bytes.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    if !bytes.contains(backslash), let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .emptyInput: return text
      case .valid(let encoded):
        let isEscape = bytes[position] == backslash && escaped(bytes[position...]) != nil
        if isEscape { text += escape(backslash) } else { text.unicodeScalars.append(UTF8.decode(encoded)) }
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

  /// The byte that the text begins with an escape for: one of those that UTF-8 does not spend on ASCII, or a backslash.
  private static func escaped(_ text: ArraySlice<UInt8>) -> UInt8? {
    let start = text.startIndex
    guard text.count >= 4, text[start] == backslash, text[start + 1] == UInt8(ascii: "x"),
      let high = digits.firstIndex(of: text[start + 2]), let low = digits.firstIndex(of: text[start + 3])
    else { return nil }
    let byte = UInt8(high << 4 | low)
    return byte >= 0x80 || byte == backslash ? byte : nil
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
