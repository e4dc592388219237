import Files

/// Which folder holds which class.
struct ClassFolders {
  /// The name of each class.
  let classes: [String]
  /// What a reader should know.
  let remarks: [String]
  private let labels: [String: Int]

  /// Folders are classes, in the order of their bytes, but in that of numbers if all are whole numbers. A list of
  /// classes (`id, name`, `id name`) gives them its order and its names; a folder is called like an id or like a name
  /// in it, and classes without a folder are left out, as are lists in which no folder is.
  /// - Parameter path: what errors call the data.
  /// - Throws: `DatasetError`, also for two folders whose names are one in two spellings of Unicode.
  init(folders: some Sequence<String>, list: TextTable?, path: String) throws(DatasetError) {
    // Equal texts may differ in their bytes: a composed é, and an e with an accent.
    var spellings: [String: [UInt8]] = [:]
    for folder in folders {
      let earlier = spellings.updateValue(Array(folder.utf8), forKey: folder)
      guard earlier.map({ $0.elementsEqual(folder.utf8) }) ?? true else {
        let reason = "two of its folders are called \(folder), in two spellings of Unicode"
        throw .damaged(path: path, reason: reason)
      }
    }
    let folders = Set(spellings.keys)
    if let list, let listed = try Self.listed(folders, list) {
      self = listed
      return
    }
    let byBytes = folders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let numbers = byBytes.compactMap { Int($0) }
    var classes = byBytes
    if numbers.count == byBytes.count {
      classes = zip(numbers, byBytes).sorted { $0.0 < $1.0 }.map(\.1)
    }
    var remarks: [String] = []
    if classes != byBytes {
      let order = "numbers and in their order, \(Self.brief(classes)), not in that of text"
      remarks = ["\(path): the names of the classes are \(order)"]
    }
    let labels = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    self.init(classes: classes, labels: labels, remarks: remarks)
  }

  private init(classes: [String], labels: [String: Int], remarks: [String] = []) {
    self.classes = classes
    self.labels = labels
    self.remarks = remarks
  }

  private static func brief(_ names: [String]) -> String {
    names.count <= 4
      ? names.joined(separator: ", ")
      : names.prefix(3).joined(separator: ", ") + " … " + names[names.count - 1]
  }

  private static func listed(_ folders: Set<String>, _ list: TextTable) throws(DatasetError) -> ClassFolders?
  {
    var classes: [String] = []
    var labels: [String: Int] = [:]
    for line in list.lines {
      let identifier = line.text.prefix { !$0.isWhitespace && $0 != "," }
      let name = line.text[identifier.endIndex...].drop { $0.isWhitespace || $0 == "," }
      let candidates = [String(identifier), String(name), String(line.text)]
      guard let folder = candidates.first(where: folders.contains) else { continue }
      guard labels.updateValue(classes.count, forKey: folder) == nil else {
        throw .badLine(path: list.path, line: line.number, reason: "the class \(folder) is named twice")
      }
      classes.append(name.isEmpty ? String(identifier) : String(name))
    }
    guard !classes.isEmpty else { return nil }
    if let odd = folders.filter({ labels[$0] == nil }).min() {
      throw .unlistedClass(path: list.path, folder: odd)
    }
    return ClassFolders(classes: classes, labels: labels)
  }

  /// The class that a folder holds.
  func label(ofFolder folder: String) -> Int? { labels[folder] }
}
