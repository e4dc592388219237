import Files

extension DatasetFormat {
  /// A text file with a path and a label on each line, as Caffe had them: `birds/a wren.jpg 3`. Labels count from 0;
  /// paths begin in the list's folder unless the source names another root.
  static let list = DatasetFormat(
    name: "list", summary: "a text file with 'path label' on each line",
    recognises: ImageList.recognises, open: ImageList.open)
}

private enum ImageList {
  /// A label beyond this is taken for a mistake: every label up to the largest becomes a class.
  static let maximumClasses = 100_000

  static func open(_ source: DatasetSource) throws(DatasetError) -> any Dataset {
    if let split = source.split { throw .noSplit(path: source.path, split: split.rawValue, found: []) }
    let table = try TextTable(contentsOf: source.path)
    let root = source.root ?? folder(of: source.path)
    let limit = source.classes?.count ?? maximumClasses
    var files: [(path: String, label: Int)] = []
    var known: [String: (label: Int, line: Int)] = [:]
    for line in table.lines {
      guard let (name, label) = entry(line.text) else {
        throw .badLine(path: source.path, line: line.number, reason: "'path label' was expected")
      }
      guard (0..<limit).contains(label) else {
        throw .labelOutOfRange(
          path: source.path, place: "line \(line.number)", label: label, classes: limit)
      }
      let path = name.hasPrefix("/") ? String(name) : "\(root)/\(name)"
      if let earlier = known.updateValue((label, line.number), forKey: path), earlier.label != label {
        throw .badLine(
          path: source.path, line: line.number,
          reason: "\(name) has the label \(label), but \(earlier.label) in line \(earlier.line)")
      }
      files.append((path, label))
    }
    let classes = source.classes ?? (0...(files.map(\.label).max() ?? 0)).map(String.init)
    let repeated = files.count - known.count
    let remark = "\(source.path): lines that name a picture again, which counts again: \(repeated)"
    return try FileDataset(
      classes: classes, files: files, path: source.path, remarks: repeated > 0 ? [remark] : [])
  }

  /// The label is the last word, so that names may have spaces.
  private static func entry(_ line: Substring) -> (name: Substring, label: Int)? {
    let scalars = line.unicodeScalars
    guard let space = scalars.lastIndex(where: \.properties.isWhitespace),
      let label = Int(line[scalars.index(after: space)...])
    else { return nil }
    let name = line[..<space].trimmed
    return name.isEmpty ? nil : (name, label)
  }

  /// Whether the first line that means something is an entry.
  static func recognises(_ path: String) -> Bool {
    guard Folders.kind(of: path) == .file, let file = try? MappedFile(path: path) else { return false }
    let start = file.withUnsafeBytes { Array($0.prefix(65_536)) }
    guard !start.contains(0) || start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) else {
      return false
    }
    var lines = TextTable(start, path: path).lines
    return lines.next().map { entry($0.text) != nil } ?? false
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return String(path[..<slash])
  }
}
