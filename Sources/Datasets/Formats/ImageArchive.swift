import Files
import Images

extension DatasetFormat {
  /// A zip archive of pictures, stored or deflated, laid out like `folders`; folders around everything are skipped.
  static let zip = DatasetFormat(
    name: "zip", summary: "a zip archive with a folder of pictures per class",
    recognises: { path in
      (try? MappedFile(path: path))?.withUnsafeBytes { $0.starts(with: [0x50, 0x4b, 3, 4]) } ?? false
    }, open: { source throws(DatasetError) in try ImageArchive(source) })
}

/// Pictures in a zip archive, which stays packed; nothing is written to the disk.
private struct ImageArchive: Dataset {
  let classes: [String]
  private let file: MappedFile
  private let archive: ZipArchive
  private let images: [(entry: Int, label: Int)]
  let remarks: [String]

  init(_ source: DatasetSource) throws(DatasetError) {
    let path = source.path
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    do { archive = try ZipArchive(file.bytes) } catch { throw DatasetError(error, path: path) }
    // Folders and name of each picture; macOS adds a folder of its own, with files that are called like pictures.
    let all = archive.entries.enumerated().filter {
      PictureNames.isPicture($1.name) && !$1.name.hasPrefix("__MACOSX/")
    }.map { (entry: $0, parts: $1.name.split(separator: "/")) }
    let pictures = all.filter { !$0.parts.contains(where: Self.isHidden) }
    let depth = Self.sharedDepth(pictures.map(\.parts))
    // A class may be called like a split, but has no folders in it.
    var splits = Set<String>()
    for picture in pictures where picture.parts.count > depth + 2 {
      let top = String(picture.parts[depth])
      if DatasetSplit.allFolders.contains(top) { splits.insert(top) }
    }
    let split = try DatasetSplit.folder(for: source.split, among: splits.sorted(), path: path)
    let level = depth + (split == nil ? 0 : 1)
    func folder(_ parts: [Substring]) -> String? {
      guard parts.count > level + 1 else { return nil }
      return split == nil || splits.contains(String(parts[depth])) ? String(parts[level]) : nil
    }

    // Also those without pictures, which some programs write as entries of their own.
    let around = pictures.first?.parts.prefix(depth) ?? []
    func isClassFolder(_ parts: [Substring]) -> Bool {
      guard parts.count == level + 1, parts.first != "__MACOSX", parts.prefix(depth) == around else {
        return false
      }
      guard !parts.contains(where: Self.isHidden) else { return false }
      return split == nil || splits.contains(String(parts[depth]))
    }
    let folders = archive.entries.lazy.map(\.name).filter { $0.hasSuffix("/") }.map {
      $0.split(separator: "/")
    }
    let empty = folders.filter(isClassFolder).map { String($0[level]) }
    let classFolders = try ClassFolders(
      folders: pictures.compactMap { folder($0.parts) } + empty,
      list: try Self.list(in: archive, beside: around, path: path),
      path: path)
    var images: [(entry: Int, label: Int)] = []
    for picture in pictures {
      guard let folder = folder(picture.parts), let label = classFolders.label(ofFolder: folder),
        split.map({ $0 == picture.parts[depth] }) ?? true
      else { continue }
      images.append((picture.entry, label))
    }
    guard !images.isEmpty else { throw .noImages(path: path) }
    self.images = images
    classes = classFolders.classes
    let loose = pictures.count { folder($0.parts) == nil && (split == nil || $0.parts.count <= level + 1) }
    remarks =
      classFolders.remarks
      + (all.count > pictures.count
        ? ["\(path): \(all.count - pictures.count) of the names in it begin with a dot and are left out"]
        : [])
      + (loose > 0 ? ["\(path): pictures that lie in no folder of a class are left out: \(loose)"] : [])
  }

  /// Whether a part of a name begins with a dot; the folder itself and the one above are called so and not hidden.
  private static func isHidden(_ part: Substring) -> Bool {
    part.hasPrefix(".") && part != "." && part != ".."
  }

  /// Folders around everything, but for those of splits and classes.
  private static func sharedDepth(_ paths: [[Substring]]) -> Int {
    guard let first = paths.first else { return 0 }
    var depth = 0
    // Two more parts are needed: the class and the name.
    while depth + 2 < first.count, !DatasetSplit.allFolders.contains(String(first[depth])),
      paths.allSatisfy({ $0.count > depth + 2 && $0[depth] == first[depth] })
    { depth += 1 }
    return depth
  }

  private static func list(
    in archive: ZipArchive, beside folders: ArraySlice<Substring>, path: String
  ) throws(DatasetError) -> TextTable? {
    let name = (folders + ["classes.txt"]).joined(separator: "/")
    guard let entry = archive[name] else { return nil }
    do {
      return TextTable(try archive.content(of: entry, limit: 16 << 20), path: "\(path):\(name)")
    } catch { throw DatasetError(error, path: path) }
  }

  var count: Int { images.count }
  func label(at position: Int) -> Int { images[position].label }
  func name(at position: Int) -> String { "\(file.path):\(archive.entries[images[position].entry].name)" }

  func image(at position: Int) throws -> Image {
    let content: [UInt8]
    do throws(ZipError) {
      content = try archive.content(
        of: archive.entries[images[position].entry], limit: FileDataset.maximumSize)
    } catch { throw DatasetError(error, path: file.path) }
    return try ImageDecoder().decode(content, file: name(at: position)).whole(file: name(at: position))
  }
}
