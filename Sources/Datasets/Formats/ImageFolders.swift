import Files
import Images

extension DatasetFormat {
  /// A folder of pictures per class, maybe within folders `train` and `val` or `test`. A `classes.txt` beside or above
  /// the folders of classes gives these an order and names (`ClassFolders`).
  static let folders = DatasetFormat(
    name: "folders", summary: "a folder of pictures per class, maybe within train/ and val/",
    recognises: ImageFolders.recognises, open: ImageFolders.open)
}

private enum ImageFolders {
  static func open(_ source: DatasetSource) throws(DatasetError) -> any Dataset {
    let top = try subfolders(source.path)
    // A class may be called like a split, but has no folders in it.
    var splits: [String] = []
    for folder in top where DatasetSplit.allFolders.contains(folder) {
      if try !subfolders("\(source.path)/\(folder)").isEmpty { splits.append(folder) }
    }
    let split = try DatasetSplit.folder(for: source.split, among: splits, path: source.path)
    let chosen = split.map { "\(source.path)/\($0)" } ?? source.path
    // Classes are those of all splits, so that labels agree between them.
    var folders = split == nil ? top : []
    if split != nil {
      for folder in splits { folders += try subfolders("\(source.path)/\(folder)") }
    }
    let list = ["\(chosen)/classes.txt", "\(source.path)/classes.txt", "\(source.path)/../classes.txt"]
      .first { Folders.kind(of: $0) == .file }
    let table: TextTable? = if let list { try TextTable(contentsOf: list) } else { nil }
    let classes = try ClassFolders(folders: folders, list: table, path: source.path)
    var walk = Walk()
    var files: [(path: String, label: Int)] = []
    for folder in try subfolders(chosen) {
      guard let label = classes.label(ofFolder: folder) else { continue }
      files += try walk.pictures(in: "\(chosen)/\(folder)").map { ($0, label) }
    }
    let loose = try names(chosen).count {
      PictureNames.isPicture($0) && Folders.kind(of: "\(chosen)/\($0)") != .folder
    }
    if loose > 0 {
      walk.remarks.append("\(chosen): pictures that lie in no folder of a class are left out: \(loose)")
    }
    return try FileDataset(
      classes: classes.classes, files: files, path: chosen, remarks: classes.remarks + walk.remarks)
  }

  /// Looks for pictures anywhere in a folder, but not behind links to other folders, which may go in circles.
  private struct Walk {
    /// What was left out although it may have been meant.
    var remarks: [String] = []

    mutating func pictures(in folder: String) throws(DatasetError) -> [String] {
      var found: [String] = []
      var hidden = 0
      for name in try ImageFolders.names(folder) {
        let path = "\(folder)/\(name)"
        guard !name.hasPrefix(".") else {
          if PictureNames.isPicture(name) { hidden += 1 }
          continue
        }
        guard Folders.kind(of: path) == .folder else {
          // Also what cannot be read, such as a link that leads nowhere: it is named then.
          if PictureNames.isPicture(name) { found.append(path) }
          continue
        }
        if Folders.isLink(path) {
          remarks.append("\(path): is a link to a folder and is left out")
        } else {
          found += try pictures(in: path)
        }
      }
      if hidden > 0 {
        remarks.append("\(folder): \(hidden) of the names in it begin with a dot and are left out")
      }
      return found
    }
  }

  private static func names(_ folder: String) throws(DatasetError) -> [String] {
    do { return try Folders.contents(of: folder) } catch { throw .file(error) }
  }

  /// Whether a folder, or a folder in it, has a folder with a picture somewhere in it.
  static func recognises(_ path: String) -> Bool {
    guard let top = try? subfolders(path) else { return false }
    return top.contains { folder in
      let inner = "\(path)/\(folder)"
      return hasPicture(inner)
        || ((try? subfolders(inner))?.contains { hasPicture("\(inner)/\($0)") } ?? false)
    }
  }

  private static func hasPicture(_ path: String) -> Bool {
    (try? Folders.contents(of: path))?.contains { PictureNames.isPicture($0) } ?? false
  }

  private static func subfolders(_ path: String) throws(DatasetError) -> [String] {
    try names(path).filter { !$0.hasPrefix(".") && Folders.kind(of: "\(path)/\($0)") == .folder }
  }
}
