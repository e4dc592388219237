extension TextStyle {
  /// Height of a line with the gap to the next.
  var lineHeight: Double { size * 1.35 }

  /// Width of a line of text in points.
  func width(of text: String) -> Double { text.isEmpty ? 0 : CairoSheet.width(of: text, self) }

  /// The text, or as much of its start and end as fits, around an ellipsis: names often differ in their last
  /// letters.
  func shortened(_ text: String, to room: Double) -> String {
    let text = text.asOneLine
    guard width(of: text) > room else { return text }
    let characters = Array(text)
    func candidate(_ kept: Int) -> String {
      String(characters.prefix((kept + 1) / 2)) + "…" + String(characters.suffix(kept / 2))
    }
    // The longest that fits lies between one that does and one that does not.
    var (fits, fails) = (0, characters.count)
    while fails - fits > 1 {
      let middle = (fits + fails) / 2
      if width(of: candidate(middle)) <= room { fits = middle } else { fails = middle }
    }
    return fits > 0 || width(of: "…") <= room ? candidate(fits) : ""
  }

  /// The text on at most `limit` lines, broken at spaces; the last one is shortened if it must be.
  func wrapped(_ text: String, to room: Double, limit: Int) -> [String] {
    var rest = text.asOneLine.split(separator: " ")[...]
    var lines: [String] = []
    while !rest.isEmpty, lines.count < limit - 1 {
      var count = 1
      while count < rest.count, width(of: rest.prefix(count + 1).joined(separator: " ")) <= room {
        count += 1
      }
      lines.append(shortened(rest.prefix(count).joined(separator: " "), to: room))
      rest = rest.dropFirst(count)
    }
    if !rest.isEmpty { lines.append(shortened(rest.joined(separator: " "), to: room)) }
    return lines
  }
}
