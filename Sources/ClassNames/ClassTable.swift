import Files
import FoundationEssentials

/// Class names as people keep them, in the order of the logits:
///
/// - `imagenet` instead of a path: the built-in names of ILSVRC2012;
/// - text with a name on each line, which may begin with a synset (`n01440764 tench, Tinca tinca`): of those the name, or
///   ImageNet's where nothing follows;
/// - CSV or TSV (`.csv`, `.tsv`) with a number and a name in each row, in either order and under headings or not; or with a
///   name alone;
/// - JSON (`.json`): a list of names; numbers with names (`{"0": "tench"}`, also within `id2label`), with synsets and names
///   (`{"0": ["n01440764", "tench"]}`, Keras); names with numbers (`{"tench": 0}`, also within `label2id`).
public enum ClassTable {
  /// Something that is no table of classes.
  public struct Unreadable: Error, Hashable, Sendable {
    /// What is wrong.
    public let reason: String
  }

  /// A million classes of some words.
  static let largest = 64 << 20

  /// Reads a file, or the built-in names.
  /// - Throws: `FileError`, `Unreadable`.
  public static func read(_ path: String) throws -> [String] {
    if path == "imagenet", Folders.kind(of: path) == nil { return ImageNetClasses.names }
    let bytes = try FileBytes.read(path, limit: largest)
    return try read(bytes, ending: path.split(separator: ".").last.map { $0.lowercased() } ?? "")
  }

  /// Reads the bytes of a file whose name ends so.
  public static func read(_ bytes: [UInt8], ending: String) throws(Unreadable) -> [String] {
    switch ending {
    case "json": try json(bytes)
    case "csv", "tsv": try rows(bytes, separator: ending == "csv" ? "," : "\t")
    default: try lines(bytes)
    }
  }

  private static func lines(_ bytes: [UInt8]) throws(Unreadable) -> [String] {
    let text = TextFile.names(in: bytes)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { trimmed($0) }
    while lines.last == "" { lines.removeLast() }
    if let empty = lines.firstIndex(of: "") { throw Unreadable(reason: "line \(empty + 1) is empty") }
    let areSynsets = !lines.isEmpty && lines.allSatisfy { synset($0) != nil }
    return areSynsets ? lines.map { named($0) } : lines
  }

  /// The synset that a line begins with: n and eight digits.
  private static func synset(_ line: String) -> Substring? {
    let word = line.prefix { !$0.isWhitespace && $0 != "," && $0 != "\t" }
    let isSynset =
      word.utf8.count == 9 && word.first == "n" && word.dropFirst().utf8.allSatisfy { (48...57).contains($0) }
    return isSynset ? word : nil
  }

  private static func named(_ line: String) -> String {
    guard let synset = synset(line) else { return line }
    let rest = trimmed(line[synset.endIndex...].drop { $0.isWhitespace || $0 == "," })
    return rest.isEmpty ? ImageNetClasses.name(ofSynset: synset) ?? String(synset) : rest
  }

  private static func rows(_ bytes: [UInt8], separator: Character) throws(Unreadable) -> [String] {
    let text = TextFile.names(in: bytes)
    var rows: [[String]] = []
    for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
      let cells = cells(of: line, separator).map { trimmed($0[...]) }
      if cells != [""] { rows.append(cells) }
    }
    guard let columns = rows.map(\.count).max(), columns > 1 else { return rows.map { $0[0] } }
    // The column of numbers, in all rows but perhaps the first, which then are headings.
    guard
      let numbers = (0..<columns).first(where: { column in
        rows.count > 1 && rows.dropFirst().allSatisfy { $0.count > column && Int($0[column]) != nil }
      })
    else {
      throw Unreadable(reason: "no column holds the number of each class")
    }
    let hasHeadings = Int(rows[0].count > numbers ? rows[0][numbers] : "") == nil
    let body = hasHeadings ? Array(rows.dropFirst()) : rows
    let headings = hasHeadings ? rows[0].map { $0.lowercased() } : []
    let titled = ["name", "class_name", "label_name", "class", "label", "names"]
    let named =
      titled.lazy.compactMap { headings.firstIndex(of: $0) }.first { $0 != numbers }
      ?? (0..<columns).first { $0 != numbers }
    guard let named else { throw Unreadable(reason: "no column holds names") }
    return try ordered(
      body.map { ($0[numbers], $0.count > named ? $0[named] : "") })
  }

  /// The cells of a line, of which some may stand within quotation marks.
  package static func cells(of line: Substring, _ separator: Character) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == separator, !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells
  }

  private static func json(_ bytes: [UInt8]) throws(Unreadable) -> [String] {
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(TextFile.names(in: bytes).utf8)) else {
      throw Unreadable(reason: "it is no JSON of names, or of numbers and names")
    }
    return try names(in: value)
  }

  /// What JSON of classes is made of.
  private enum Value: Decodable {
    case word(String)
    case number(Int)
    case list([Value])
    case pairs([String: Value])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else if let word = try? container.decode(String.self) {
        self = .word(word)
      } else if let list = try? container.decode([Value].self) {
        self = .list(list)
      } else {
        self = .pairs(try container.decode([String: Value].self))
      }
    }
  }

  private static func names(in value: Value) throws(Unreadable) -> [String] {
    switch value {
    case .list(let list):
      let names = list.compactMap { name(of: $0) }
      guard names.count == list.count else { throw Unreadable(reason: "not all of its elements are names") }
      return names
    case .pairs(let pairs):
      for key in ["id2label", "label2id", "classes", "names"] {
        switch pairs[key] {
        case .list(let list): return try names(in: .list(list))
        case .pairs(let inner): return try names(in: .pairs(inner))
        case .word, .number, nil: continue
        }
      }
      if pairs.keys.allSatisfy({ Int($0) != nil }) {
        return try ordered(pairs.map { ($0.key, name(of: $0.value) ?? "") })
      }
      return try ordered(
        pairs.map { pair in
          guard case .number(let number) = pair.value else { return ("", pair.key) }
          return ("\(number)", pair.key)
        })
    case .word, .number: throw Unreadable(reason: "it is one value, no list of names")
    }
  }

  /// A name, or the last of several, as Keras has a synset before it.
  private static func name(of value: Value) -> String? {
    switch value {
    case .word(let word): word
    case .list(let list): list.last.flatMap { name(of: $0) }
    case .number, .pairs: nil
    }
  }

  /// Names in the order of their numbers, which begin at 0 and leave none out.
  private static func ordered(_ entries: [(number: String, name: String)]) throws(Unreadable) -> [String] {
    var names: [Int: String] = [:]
    for (text, name) in entries {
      guard let number = Int(text), number >= 0 else {
        throw Unreadable(reason: "'\(name)' has no number from 0 on")
      }
      guard !name.isEmpty else { throw Unreadable(reason: "class \(number) has no name") }
      guard names.updateValue(name, forKey: number) == nil else {
        throw Unreadable(reason: "two of its classes have the number \(number)")
      }
    }
    guard let most = names.keys.max() else { throw Unreadable(reason: "it holds no classes") }
    guard most < entries.count else {
      let missing = (0...entries.count).first { names[$0] == nil } ?? 0
      throw Unreadable(reason: "there is no class \(missing), but a class \(most); numbers begin at 0")
    }
    return (0..<entries.count).map { names[$0] ?? "" }
  }

  private static func trimmed(_ line: some StringProtocol) -> String {
    var name = line.drop(while: \.isWhitespace)
    while name.last?.isWhitespace == true { name.removeLast() }
    return String(name)
  }
}
