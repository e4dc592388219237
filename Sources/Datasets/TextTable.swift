import Files

/// The lines of a text file that mean something: not the empty ones, and not those that begin with `#`.
struct TextTable {
  let path: String
  /// Each line without white space at its ends, and its number, counted from 1.
  let lines: [(number: Int, text: Substring)]

  /// Some million lines; nothing that lists images is larger.
  static let maximumSize = 256 << 20

  init(contentsOf path: String) throws(DatasetError) {
    do { self.init(try FileBytes.read(path, limit: Self.maximumSize), path: path) } catch {
      throw .file(error)
    }
  }

  init(_ bytes: [UInt8], path: String) {
    self.path = path
    let text = TextFile.names(in: bytes)
    var lines: [(Int, Substring)] = []
    for (position, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let trimmed = line.trimmed
      if !trimmed.isEmpty, !trimmed.hasPrefix("#") { lines.append((position + 1, trimmed)) }
    }
    self.lines = lines
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
