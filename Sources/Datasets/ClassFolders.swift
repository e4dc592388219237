/// Which folder holds which class.
struct ClassFolders {
  /// The name of each class.
  let classes: [String]
  private let labels: [String: Int]

  /// Folders are classes, sorted by their bytes. A list of classes (`id, name`, `id name`) gives them its order and
  /// its names; a folder is called like an id or like a name in it, and classes without a folder are left out, as are
  /// lists in which no folder is.
  init(folders: some Sequence<String>, list: TextTable?) throws(DatasetError) {
    let folders = Set(folders)
    if let list, let listed = try Self.listed(folders, list) {
      self = listed
      return
    }
    classes = folders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    labels = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private init(classes: [String], labels: [String: Int]) {
    self.classes = classes
    self.labels = labels
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
