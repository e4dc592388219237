import Yams

/// YAML that anybody may have written.
///
/// An alias stands for all that its anchor holds, so that a few lines of them can mean more values than any memory has
/// room for, and comparing two keys that hold such values would not end. Descriptions and recipes need few or none.
package struct YAMLText {
  /// Aliases that a text may have: with so few it means at most some twenty times what it says.
  package static let mostAliases = 8

  private let text: String

  /// The text in these bytes, UTF-8.
  package init(_ bytes: [UInt8]) { self.init(String(decoding: bytes, as: UTF8.self)) }

  /// Such a text.
  package init(_ text: String) { self.text = text }

  /// Its root; nil if it is empty.
  /// - Throws: `YamlError`, `TooManyAliases`.
  package func root() throws -> Node? {
    try check()
    return try Yams.compose(yaml: text)
  }

  /// What it says.
  /// - Throws: `YamlError`, `DecodingError`, `TooManyAliases`.
  package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try check()
    return try YAMLDecoder().decode(type, from: text)
  }

  /// Counts what may be an alias: a star behind white space, a sign of YAML or what is no ASCII, and before a letter. Some
  /// of these are text, but no alias stands elsewhere.
  private func check() throws(TooManyAliases) {
    var (count, before) = (0, UInt8(ascii: " "))
    var isStar = false
    for byte in text.utf8 {
      if isStar, Self.isName(byte) { count += 1 }
      isStar = byte == UInt8(ascii: "*") && !Self.isName(before) && before != UInt8(ascii: "/")
      before = byte
    }
    guard count <= Self.mostAliases else { throw TooManyAliases() }
  }

  /// Whether a name of an anchor may hold it.
  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    case UInt8(ascii: "-"): true
    default: false
    }
  }
}

extension YAMLText {
  /// What is wrong with a text that is no YAML: "it is not YAML: line 2, column 3: did not find expected ',' or ']'"; nil for
  /// an error of another kind.
  package static func reason(of error: any Error) -> String? {
    if case DecodingError.dataCorrupted(let context) = error {
      return context.underlyingError.flatMap(reason)
    }
    guard let error = error as? YamlError else { return nil }
    if let tab = tab(in: error) { return tab }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return "it is not YAML: line \(mark.line), column \(mark.column): \(problem)"
    case .duplicatedKeysInMapping(let keys, _):
      return "it has \(keys.sorted().map { "'\($0)'" }.joined(separator: ", ")) twice in one place"
    case .reader(let problem, _, _, _): return "it is not YAML: \(problem)"
    default: return "it is not YAML: \(error)"
    }
  }

  /// About the tab that a line is indented with, which YAML does not take.
  private static func tab(in error: YamlError) -> String? {
    guard case .scanner(_, _, _, let text) = error else { return nil }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return lines.firstIndex { $0.prefix { $0.isWhitespace }.contains("\t") }.map {
      "a tab stands at the beginning of line \($0 + 1), where YAML takes spaces"
    }
  }
}

/// A text in YAML that could mean far more than it says.
package struct TooManyAliases: Error, Hashable, CustomStringConvertible {
  /// The end of a sentence.
  package var description: String { "it has more than \(YAMLText.mostAliases) aliases (*name)" }
}
