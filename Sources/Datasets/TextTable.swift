import Files

/// The lines of a text file that mean something: not the empty ones, and not those that begin with `#`.
struct TextTable {
  let path: String
  private let text: String

  /// Each line without white space at its ends, and its number, counted from 1: made one after the other, because a list
  /// of all would take many times the file's size.
  var lines: Lines { Lines(rest: text[...]) }

  /// Some million lines; nothing that lists images is larger.
  static let maximumSize = 256 << 20

  init(contentsOf path: String) throws(DatasetError) {
    do { self.init(try FileBytes.read(path, limit: Self.maximumSize), path: path) } catch {
      throw .file(error)
    }
  }

  init(_ bytes: [UInt8], path: String) {
    self.path = path
    text = TextFile.names(in: bytes)
  }

  /// The lines that mean something, in their order.
  struct Lines: Sequence, IteratorProtocol {
    fileprivate var rest: Substring?
    private var number = 0

    fileprivate init(rest: Substring) { self.rest = rest }

    mutating func next() -> (number: Int, text: Substring)? {
      while let text = rest {
        let end = text.firstIndex(where: \.isNewline)
        rest = end.map { text[text.index(after: $0)...] }
        number += 1
        let line = text[..<(end ?? text.endIndex)].trimmed
        if !line.isEmpty, !line.hasPrefix("#") { return (number, line) }
      }
      return nil
    }
  }

  /// Lines of a number and the rest, such as `12 005.Crested_Auklet/photo.jpg`, in their order.
  func numbered() throws(DatasetError) -> [(number: Int, rest: Substring, line: Int)] {
    var result: [(number: Int, rest: Substring, line: Int)] = []
    for line in lines {
      let word = line.text.prefix { !$0.isWhitespace }
      guard let number = Int(word), word.endIndex < line.text.endIndex else {
        throw .badLine(path: path, line: line.number, reason: "a number and a word were expected")
      }
      result.append((number, line.text[word.endIndex...].trimmed, line.number))
    }
    return result
  }
}

extension Substring {
  /// Without white space at both ends. By scalars: going back over characters takes, for some, time that grows with the
  /// square of the line's length.
  var trimmed: Substring {
    var result = unicodeScalars.drop(while: \.properties.isWhitespace)
    while result.last?.properties.isWhitespace == true { result.removeLast() }
    return Substring(result)
  }
}
