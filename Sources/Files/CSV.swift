/// Fields of comma-separated values, as RFC 4180.
public enum CSV {
  /// The text, in quotation marks if it needs them.
  public static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// Calls `body` with the number, from 1, and the fields of each line of a file, reading it through a map, so that
  /// memory does not grow with the file. Fields in quotation marks may hold line ends. A last line without its end is
  /// a line.
  /// - Throws: `FileError`, and what `body` throws.
  public static func forEachLine(
    ofFile path: String, _ body: (_ line: Int, _ fields: [String]) throws -> Void
  ) throws {
    try MappedFile(path: path).withUnsafeBytes { bytes in
      var (position, line) = (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, 1)
      while position < bytes.count {
        let first = line
        let fields = fields(bytes, &position, &line)
        try body(first, fields)
      }
    }
  }

  /// The fields from `position` to the end of the line, behind which `position` then stands.
  private static func fields(_ bytes: UnsafeRawBufferPointer, _ position: inout Int, _ line: inout Int)
    -> [String]
  {
    let (quote, comma, newline) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"))
    var fields: [String] = []
    var quoted: [UInt8] = []
    var (start, isQuoted) = (position, false)
    func end(_ at: Int) {
      if isQuoted {
        fields.append(String(decoding: quoted, as: UTF8.self))
      } else {
        // A line end of two characters, as editors on Windows write it.
        let end = start < at && at < bytes.count && bytes[at] == newline && bytes[at - 1] == 13 ? at - 1 : at
        fields.append(String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self))
      }
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote, position == start {
        isQuoted = true
        quoted = []
        position += 1
        // Two marks are one; one ends the field.
        while position < bytes.count {
          if bytes[position] == quote {
            guard position + 1 < bytes.count, bytes[position + 1] == quote else { break }
            position += 1
          }
          if bytes[position] == newline { line += 1 }
          quoted.append(bytes[position])
          position += 1
        }
        position += 1
        continue
      }
      position += 1
      if byte == comma {
        end(position - 1)
        (start, isQuoted) = (position, false)
      } else if byte == newline {
        line += 1
        end(position - 1)
        return fields
      }
    }
    position = bytes.count
    end(bytes.count)
    return fields
  }
}
