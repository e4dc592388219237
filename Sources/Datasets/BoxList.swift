import Files
import Images

/// A text file that tells where the object of each picture is: `name x0 y0 x1 y1` on a line, in whole pixels of the
/// upright picture, with spaces or commas between. Names are relative to the list's folder and may hold spaces. Empty
/// lines, lines that begin with `#` and a first line of headings are passed over.
public struct BoxList: Sendable {
  /// What x1 and y1 are.
  public enum Ends: String, CaseIterable, Codable, Sendable {
    /// The first column and row beyond the box.
    case excluded
    /// The last column and row of the box, as in Tiny-ImageNet and Pascal VOC.
    case included
  }

  /// A picture and its box.
  public struct Entry: Hashable, Sendable {
    /// The picture's path.
    public let path: String
    /// The box in its pixels, not empty, far edges excluded.
    public let box: Box
  }

  /// The entries, in their order.
  public let entries: [Entry]
  /// What is wrong with lines that are none of the above.
  public let badLines: [DatasetError]

  /// Reads a list.
  /// - Throws: `DatasetError.file`; without one good line the first `badLine`, or `noImages`.
  public init(contentsOf path: String, ends: Ends = .excluded) throws(DatasetError) {
    try self.init(TextTable(contentsOf: path), ends)
  }

  /// Reads a list from the bytes of a file that errors call `path`.
  public init(_ bytes: [UInt8], path: String, ends: Ends = .excluded) throws(DatasetError) {
    try self.init(TextTable(bytes, path: path), ends)
  }

  private init(_ table: TextTable, _ ends: Ends) throws(DatasetError) {
    var entries: [Entry] = []
    var badLines: [DatasetError] = []
    var lines: [String: Int] = [:]
    for (position, line) in table.lines.enumerated() {
      let (name, words) = Self.fields(line.text)
      let edges = words.compactMap { Int32($0) }.map(Int.init)
      if position == 0, words.count == 4, edges.isEmpty { continue }
      func refuse(_ reason: String) {
        badLines.append(.badLine(path: table.path, line: line.number, reason: reason))
      }
      guard edges.count == 4, !name.isEmpty else {
        refuse("'name x0 y0 x1 y1' with four whole numbers was expected")
        continue
      }
      let beyond = ends == .included ? 1 : 0
      let box = Box(x0: edges[0], y0: edges[1], x1: edges[2] + beyond, y1: edges[3] + beyond)
      guard box.area > 0 else {
        refuse("the box \(words.joined(separator: " ")), ends \(ends.rawValue), is empty")
        continue
      }
      if let earlier = lines[String(name)] {
        refuse("\(name) has a box already, in line \(earlier)")
        continue
      }
      lines[String(name)] = line.number
      entries.append(
        Entry(path: Paths.resolved(String(name), in: Paths.folder(of: table.path)), box: box))
    }
    guard !entries.isEmpty else { throw badLines.first ?? .noImages(path: table.path) }
    self.entries = entries
    self.badLines = badLines
  }

  /// The last four words, and what stands before them.
  private static func fields(_ line: Substring) -> (name: Substring, numbers: [Substring]) {
    func parts(_ character: Character) -> Bool { character.isWhitespace || character == "," }
    var rest = line
    var numbers: [Substring] = []
    for _ in 0..<4 {
      while let last = rest.last, parts(last) { rest.removeLast() }
      guard let gap = rest.lastIndex(where: parts) else { return ("", numbers) }
      numbers.insert(rest[rest.index(after: gap)...], at: 0)
      rest = rest[..<gap]
    }
    while let last = rest.last, parts(last) { rest.removeLast() }
    return (rest, numbers)
  }
}
