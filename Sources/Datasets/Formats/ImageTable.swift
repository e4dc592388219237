import ClassNames
import Files
import FoundationEssentials
import Images

extension DatasetFormat {
  /// CSV or TSV, with or without headings, or JSON: a path and a label for each picture, among other columns. Labels are
  /// numbers from 0, or names of classes. Paths begin in the file's folder unless the source names another root.
  static let table = DatasetFormat(
    name: "table", summary: "CSV, TSV or JSON with the path and the label of each picture",
    recognises: ImageTable.recognises, open: ImageTable.open)
}

private enum ImageTable {
  /// What a column of paths, and one of labels, is called.
  private static let pathNames = [
    "path", "file", "filename", "file_name", "filepath", "file_path", "image", "image_path", "img",
    "img_path",
    "image_name",
  ]
  private static let labelNames = [
    "label", "class", "target", "category", "label_id", "class_id", "class_name", "label_name", "y",
  ]

  private static func ending(_ path: String) -> String {
    path.split(separator: ".").last.map { $0.lowercased() } ?? ""
  }

  static func recognises(_ path: String) -> Bool {
    guard ["csv", "tsv", "json"].contains(ending(path)), Folders.kind(of: path) == .file,
      let file = try? MappedFile(path: path)
    else { return false }
    let start = file.withUnsafeBytes { Array($0.prefix(65_536)) }
    if ending(path) == "json" {
      return start.first { !" \t\r\n".utf8.contains($0) }.map { "[{".utf8.contains($0) } ?? false
    }
    return TextTable(start, path: path).lines.prefix(2).contains { line in
      cells(line.text, path).contains { PictureNames.isPicture($0) }
    }
  }

  private static func cells(_ line: Substring, _ path: String) -> [String] {
    ClassTable.cells(of: line, ending(path) == "tsv" ? "\t" : ",").map { String($0[...].trimmed) }
  }

  static func open(_ source: DatasetSource) throws(DatasetError) -> any Dataset {
    if let split = source.split { throw .noSplit(path: source.path, split: split.rawValue, found: []) }
    let rows = ending(source.path) == "json" ? try json(source.path) : try text(source.path)
    guard !rows.isEmpty else { throw .noImages(path: source.path) }
    let root = source.root ?? Paths.folder(of: source.path)
    let numbers = rows.compactMap { Int($0.label) }
    let areNumbers = numbers.count == rows.count && numbers.allSatisfy { $0 >= 0 }
    let classes =
      source.classes
      ?? (areNumbers
        ? (0...min(numbers.max() ?? 0, 100_000)).map(String.init)
        : Set(rows.map(\.label)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    let places = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var files: [(path: String, label: Int)] = []
    var known: [String: Int] = [:]
    for (place, row) in rows.enumerated() {
      guard let label = areNumbers ? numbers[place] : places[row.label] else {
        throw .unknownClass(path: source.path, name: row.label, known: classes)
      }
      guard classes.indices.contains(label) else {
        throw .labelOutOfRange(
          path: source.path, place: "entry \(place + 1)", label: label, classes: classes.count)
      }
      let path = Paths.resolved(row.path, in: root)
      if let earlier = known.updateValue(label, forKey: path), earlier != label {
        throw .damaged(
          path: source.path, reason: "\(row.path) has two labels, \(classes[earlier]) and \(classes[label])")
      }
      files.append((path, label))
    }
    let repeated = files.count - known.count
    let remark = "\(source.path): entries that name a picture again, which counts again: \(repeated)"
    return try FileDataset(
      classes: classes, files: files, path: source.path, remarks: repeated > 0 ? [remark] : [])
  }

  private static func text(_ path: String) throws(DatasetError) -> [(path: String, label: String)] {
    let lines = Array(try TextTable(contentsOf: path).lines)
    let rows = lines.map { cells($0.text, path) }
    guard let first = rows.first else { return [] }
    let headings = first.map { $0.lowercased() }
    let hasHeadings = !first.contains { PictureNames.isPicture($0) }
    let body = hasHeadings ? rows.dropFirst() : rows[...]
    let pictures =
      hasHeadings
      ? pathNames.lazy.compactMap { headings.firstIndex(of: $0) }.first
      : first.firstIndex { PictureNames.isPicture($0) }
    let labels =
      hasHeadings
      ? labelNames.lazy.compactMap { headings.firstIndex(of: $0) }.first
      : first.count == 2 ? first.indices.first { $0 != pictures } : nil
    guard let pictures, let labels, pictures != labels else {
      throw .badLine(
        path: path, line: lines[0].number,
        reason: "headings 'path' and 'label', or two columns of these, were expected")
    }
    var result: [(path: String, label: String)] = []
    for (line, row) in zip(lines.dropFirst(hasHeadings ? 1 : 0), body) {
      guard row.count > max(pictures, labels), !row[pictures].isEmpty, !row[labels].isEmpty else {
        throw .badLine(path: path, line: line.number, reason: "it has no path or no label")
      }
      result.append((row[pictures], row[labels]))
    }
    return result
  }

  /// A word, a number, or what is of no interest here.
  private enum Cell: Decodable {
    case word(String)
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .word("\(number)")
      } else {
        self = (try? container.decode(String.self)).map { .word($0) } ?? .other
      }
    }

    var word: String? { if case .word(let word) = self, !word.isEmpty { word } else { nil } }
  }

  private static func json(_ path: String) throws(DatasetError) -> [(path: String, label: String)] {
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path, limit: TextTable.maximumSize) } catch { throw .file(error) }
    let data = Data(TextFile.names(in: bytes).utf8)
    let decoder = JSONDecoder()
    var found: [(path: String?, label: String?)]
    if let rows = try? decoder.decode([[String: Cell]].self, from: data) {
      found = rows.map { row in
        (
          pathNames.lazy.compactMap { row[$0]?.word }.first,
          labelNames.lazy.compactMap { row[$0]?.word }.first
        )
      }
    } else if let pairs = try? decoder.decode([[Cell]].self, from: data) {
      found = pairs.map { $0.count == 2 ? ($0[0].word, $0[1].word) : (nil, nil) }
    } else if let labels = try? decoder.decode([String: Cell].self, from: data) {
      found = labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value.word) }
    } else {
      throw .damaged(path: path, reason: "it is no JSON of paths and labels")
    }
    var result: [(path: String, label: String)] = []
    for (place, entry) in found.enumerated() {
      guard let path = entry.path, let label = entry.label else {
        throw .damaged(path: path, reason: "entry \(place + 1) has no path or no label")
      }
      result.append((path, label))
    }
    return result
  }
}
