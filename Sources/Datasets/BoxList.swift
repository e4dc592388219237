import Files
import Images

/// A text file that tells where the object of each picture is: `name x0 y0 x1 y1` on a line, in pixels of the upright
/// picture, whole or with a decimal point (then the nearest edges of pixels are meant), with spaces or commas between.
/// Names are relative to the list's folder and may hold spaces. The boxes of a picture that has several lines make one
/// object. Empty lines, lines that begin with `#` and a first line of headings are passed over.
public struct BoxList: Sendable {
  /// What x1 and y1 are.
  public enum Ends: String, CaseIterable, Codable, Sendable {
    /// The first column and row beyond the box.
    case excluded
    /// The last column and row of the box, as in Tiny-ImageNet and Pascal VOC.
    case included
  }

  /// What the four numbers of a line are.
  public enum Format: String, CaseIterable, Codable, Sendable {
    /// Edges: x0, y0, x1, y1.
    case xyxy
    /// Left, top, width, height.
    case xywh
  }

  /// A picture and its boxes.
  public struct Entry: Hashable, Sendable {
    /// The picture's path.
    public let path: String
    /// The boxes in its pixels, none of them empty, far edges excluded, in the order of their lines.
    public fileprivate(set) var boxes: [Box]
  }

  /// The entries, in the order of their first lines.
  public private(set) var entries: [Entry]
  /// What is wrong with lines that are none of the above, the first thousand and how many more there are. A picture that
  /// one of them may belong to is no entry: its object would be another one without it.
  public let badLines: [DatasetError]
  /// What a reader should know.
  public private(set) var remarks: [String] = []
  private let path: String
  private let ends: Ends
  private let given: Format?
  /// The list, if it has bad lines.
  private let table: TextTable?

  /// Reads a list.
  /// - Throws: `DatasetError.file`; without one good line the first `badLine`, or `noImages`.
  /// - Parameter format: what the numbers are; nil for what headings say, else edges.
  public init(
    contentsOf path: String, ends: Ends = .excluded, format: Format? = nil
  ) throws(DatasetError) {
    try self.init(TextTable(contentsOf: path), ends, format)
  }

  /// Reads a list from the bytes of a file that errors call `path`.
  public init(
    _ bytes: [UInt8], path: String, ends: Ends = .excluded, format: Format? = nil
  ) throws(DatasetError) {
    try self.init(TextTable(bytes, path: path), ends, format)
  }

  private init(_ table: TextTable, _ ends: Ends, _ given: Format?) throws(DatasetError) {
    (path, self.ends, self.given) = (table.path, ends, given)
    var problems = LineProblems()
    var found = BoxesByPicture()
    let folder = Paths.folder(of: table.path)
    let (lines, format) = try Self.lines(table, given, remarks: &remarks)
    for line in lines {
      switch Self.box(line.text, ends, format) {
      case .box(let name, let box): found.add(Entry(path: Paths.resolved(name, in: folder), boxes: [box]))
      case .bad(let reason):
        problems.append(.badLine(path: path, line: line.number, reason: reason), in: path)
      }
    }
    self.table = problems.all.isEmpty ? nil : table
    let doubtful = self.table.map { Self.doubtful($0, ends, given, among: found) } ?? []
    entries = found.entries.filter { !doubtful.contains(BoxesByPicture.key($0.path)) }
    for entry in found.entries where doubtful.contains(BoxesByPicture.key(entry.path)) {
      problems.append(Self.refusal(entry, path), in: path)
    }
    badLines = problems.all
    guard !entries.isEmpty else { throw badLines.first ?? .noImages(path: path) }
  }

  /// The lines below the headings, if there are any, and what their numbers are.
  private static func lines(
    _ table: TextTable, _ given: Format?, remarks: inout [String]
  ) throws(DatasetError) -> (lines: TextTable.Lines, format: Format) {
    let all = table.lines
    var rest = all
    guard let first = rest.next(), let headings = BoxHeadings(first.text) else {
      return (all, given ?? .xyxy)
    }
    if let reason = headings.mistake {
      throw .badLine(path: table.path, line: first.number, reason: reason)
    }
    let format = given ?? headings.format
    remarks.append(
      "\(table.path): line \(first.number) is taken as headings"
        + (given == nil && format == .xywh ? ", and the numbers as left, top, width and height" : ""))
    return (rest, format)
  }

  private enum Line {
    case box(name: String, Box)
    case bad(reason: String)
  }

  private static func box(_ line: Substring, _ ends: Ends, _ format: Format) -> Line {
    let (name, words) = fields(line)
    let edges = edges(words, format)
    guard edges.count == 4, !name.isEmpty else {
      let numbers = format == .xyxy ? "x0 y0 x1 y1" : "x y width height"
      return .bad(reason: "'name \(numbers)' with four numbers was expected")
    }
    let beyond = ends == .included && format == .xyxy ? 1 : 0
    let box = Box(x0: edges[0], y0: edges[1], x1: edges[2] + beyond, y1: edges[3] + beyond)
    guard !box.isEmpty else {
      return .bad(reason: "the box \(words.joined(separator: " ")), ends \(ends.rawValue), is empty")
    }
    return .box(name: name, box)
  }

  /// The pictures that a bad line of the list may belong to. Its lines are read again, so that no more than the names of
  /// pictures that are there is kept.
  private static func doubtful(
    _ table: TextTable, _ ends: Ends, _ given: Format?, among found: BoxesByPicture
  ) -> Set<String> {
    var doubtful: Set<String> = []
    let folder = Paths.folder(of: table.path)
    var remarks: [String] = []
    guard let (lines, format) = try? lines(table, given, remarks: &remarks) else { return [] }
    for line in lines {
      guard case .bad = box(line.text, ends, format) else { continue }
      for name in names(line.text) {
        let key = BoxesByPicture.key(Paths.resolved(name, in: folder))
        if found.has(key) { doubtful.insert(key) }
      }
    }
    return doubtful
  }

  /// The nearest edges of pixels; not four if the words are not numbers of a picture.
  private static func edges(_ words: [Substring], _ format: Format) -> [Int] {
    guard format == .xywh else { return words.compactMap { Decimal.pixel($0) } }
    let numbers = words.compactMap { Decimal.number($0) }
    guard numbers.count == 4, numbers.allSatisfy({ abs($0) < 1e9 }) else { return [] }
    return [numbers[0], numbers[1], numbers[0] + numbers[2], numbers[1] + numbers[3]].map {
      Int($0.rounded())
    }
  }

  /// The entries of several lists, one for each picture, and what is wrong with those that a bad line of another list
  /// may belong to.
  public static func joined(_ lists: [BoxList]) -> (
    entries: [Entry], problems: [(path: String, error: DatasetError)]
  ) {
    var found = BoxesByPicture()
    for entry in lists.flatMap(\.entries) { found.add(entry) }
    var doubtful: [String: String] = [:]
    for list in lists {
      for key in list.table.map({ Self.doubtful($0, list.ends, list.given, among: found) }) ?? [] {
        doubtful[key] = doubtful[key] ?? list.path
      }
    }
    var entries: [Entry] = []
    var problems: [(path: String, error: DatasetError)] = []
    for entry in found.entries {
      if let list = doubtful[BoxesByPicture.key(entry.path)] {
        problems.append((entry.path, refusal(entry, list)))
      } else {
        entries.append(entry)
      }
    }
    return (entries, problems)
  }

  private static func refusal(_ entry: Entry, _ list: String) -> DatasetError {
    .damaged(
      path: list, reason: "\(entry.path) has a line that is no box, so none of its boxes counts")
  }

  // By scalars, as in `trimmed`.
  fileprivate static func parts(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar == ","
  }

  /// The last four words, and what stands before them, without the quotation marks that a CSV file may put around it.
  fileprivate static func fields(_ line: Substring) -> (name: String, numbers: [Substring]) {
    var rest = line.unicodeScalars
    var numbers: [Substring] = []
    for _ in 0..<4 {
      while let last = rest.last, parts(last) { rest.removeLast() }
      guard let gap = rest.lastIndex(where: parts) else { return ("", numbers) }
      numbers.insert(line[rest.index(after: gap)..<rest.endIndex], at: 0)
      rest = rest[..<gap]
    }
    while let last = rest.last, parts(last) { rest.removeLast() }
    return (unquoted(Substring(rest)), numbers)
  }

  /// The names that a line may begin with: up to each of its first gaps, of which no name has more.
  private static func names(_ line: Substring) -> [String] {
    let scalars = line.unicodeScalars
    let gaps =
      scalars.indices.lazy.filter { parts(scalars[$0]) }.prefix(64).map { scalars[..<$0] } + [scalars]
    return gaps.map { gap in
      var name = gap
      while let last = name.last, parts(last) { name.removeLast() }
      return unquoted(Substring(name))
    }
  }

  private static func unquoted(_ name: Substring) -> String {
    guard name.count > 1, name.first == "\"", name.last == "\"" else { return String(name) }
    return String(name.dropFirst().dropLast().replacing("\"\"", with: "\""))
  }
}

/// Boxes that are gathered line by line.
private struct BoxesByPicture {
  private(set) var entries: [BoxList.Entry] = []
  private var positions: [String: Int] = [:]

  mutating func add(_ entry: BoxList.Entry) {
    if let known = positions[Self.key(entry.path)] {
      entries[known].boxes += entry.boxes
    } else {
      positions[Self.key(entry.path)] = entries.count
      entries.append(entry)
    }
  }

  /// Whether there is a picture of this key.
  func has(_ key: String) -> Bool { positions[key] != nil }

  /// What all ways to write the path of one picture have in common: `./a.png` is `a.png`.
  static func key(_ path: String) -> String {
    (path.hasPrefix("/") ? "/" : "") + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}

/// A first line that says what the columns of a list of boxes are.
private struct BoxHeadings {
  /// Why the columns are not those that are read; nil if they are.
  let mistake: String?
  /// What the numbers are.
  let format: BoxList.Format

  /// Names of the four columns that are read, as programs write them.
  private static let read: Set<[String]> = [
    ["x0", "y0", "x1", "y1"], ["x1", "y1", "x2", "y2"], ["xmin", "ymin", "xmax", "ymax"],
    ["left", "top", "right", "bottom"],
  ]
  /// Names of left, top, width and height.
  private static let sizes: Set<[String]> = [
    ["x", "y", "w", "h"], ["x", "y", "width", "height"], ["left", "top", "width", "height"],
    ["xmin", "ymin", "width", "height"], ["x0", "y0", "w", "h"], ["x0", "y0", "width", "height"],
  ]
  /// Words that head columns of boxes in any order.
  private static let words = Set(read.joined()).union(["x", "y", "w", "h", "width", "height", "cx", "cy"])

  /// Nil if the line is no line of headings: its last four words are not all known ones.
  init?(_ line: Substring) {
    let given = BoxList.fields(line).numbers
    let columns = given.map { word in
      word.lowercased().filter { $0 != "_" && $0 != "\"" && $0 != "-" }
    }
    guard columns.count == 4, columns.allSatisfy(Self.words.contains) else { return nil }
    format = Self.sizes.contains(columns) ? .xywh : .xyxy
    mistake =
      Self.read.contains(columns) || Self.sizes.contains(columns)
      ? nil : "the columns are \(given.joined(separator: " ")), but x0 y0 x1 y1 or x y width height are read"
  }
}

/// Numbers as people and programs write them in tables.
enum Decimal {
  /// A finite number in decimal digits, with or without a point, a sign and an exponent; nil for anything else that
  /// `Double` reads, such as `nan`, `inf` and hexadecimal digits.
  static func number(_ word: some StringProtocol) -> Double? {
    guard word.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    return Double(word).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The nearest edge of pixels, as long as it is one that a picture can have.
  static func pixel(_ word: some StringProtocol) -> Int? {
    number(word).flatMap { abs($0) < 2_147_483_647 ? Int($0.rounded()) : nil }
  }
}
