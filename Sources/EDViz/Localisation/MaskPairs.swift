/// The pictures of one folder and their masks in another, found by name.
///
/// The mask of `photos/birds/wren.jpg` is `masks/birds/wren.png`, or else the only mask of that name in any subfolder
/// that is not the mask of another picture in this way.
///
/// In memory beside the lists of paths only a number and a piece of a path for each.
public struct MaskPairs {
  /// Pictures with their masks, in the order of pictures.
  public private(set) var inputs: [LocalisationInput] = []
  /// What stayed alone: pictures, then masks.
  public private(set) var unmatched: [(path: String, error: LocalisationError)] = []
  /// What was left out of the folders.
  public let remarks: [String]

  /// Looks through both folders and their subfolders.
  /// - Throws: `FileError` if one is missing, `LocalisationError` if there is nothing to compare.
  public init(images: String, masks: String) throws {
    let maskFiles = try NamedFiles(in: masks)
    // The folder of masks may lie in that of the pictures.
    let pictures = try NamedFiles(in: images, without: masks)
    remarks = pictures.remarks + maskFiles.remarks.filter { !pictures.remarks.contains($0) }
    let maskPlaces = maskFiles.index(by: maskFiles.place)
    let places = pictures.index(by: pictures.place)
    // Names without folders matter only where subfolders differ.
    let isEven = pictures.paths.allSatisfy { maskPlaces[pictures.place($0)] != nil }
    let stems = isEven ? [:] : pictures.index(by: pictures.stem)
    let farMasks =
      isEven ? [:] : maskFiles.index(by: maskFiles.stem) { places[maskFiles.place($0)] == nil }
    var isUsed = [Bool](repeating: false, count: maskFiles.paths.count)
    for path in pictures.paths {
      let beside = maskPlaces[pictures.place(path)]
      let rivals = beside == nil ? stems[pictures.stem(path)] : places[pictures.place(path)]
      guard let found = beside ?? farMasks[pictures.stem(path)] else {
        unmatched.append((path, .noMask(image: path)))
        continue
      }
      for mask in found.all { isUsed[Int(mask)] = true }
      if found.isOne, rivals?.isOne == true {
        inputs.append(LocalisationInput(path: path, marking: .maskFile(maskFiles.paths[Int(found.first)])))
      } else {
        unmatched.append((path, .ambiguous(image: path)))
      }
    }
    guard !inputs.isEmpty else { throw LocalisationError.noPairs(images: images, masks: masks) }
    for (mask, isUsed) in zip(maskFiles.paths, isUsed) where !isUsed {
      unmatched.append((mask, .noImage(mask: mask)))
    }
  }
}

/// The pictures in a folder, and the names that pairs are found by.
private struct NamedFiles {
  /// Files of one name; nearly always one.
  struct Group {
    let first: Int32
    private(set) var others: [Int32]?

    init(_ first: Int) { self.first = Int32(first) }

    var isOne: Bool { others == nil }
    var all: [Int32] { [first] + (others ?? []) }
    mutating func add(_ index: Int) { others = (others ?? []) + [Int32(index)] }
  }

  let paths: [String]
  let remarks: [String]
  /// Bytes of the folder's path with the slash behind it.
  private let prefix: Int

  /// Looks through a folder.
  /// - Parameter masks: another one, whose files are left out however it is named.
  init(in folder: String, without masks: String? = nil) throws {
    switch Folders.kind(of: folder) {
    case .folder: break
    case nil: throw FileError.notFound(path: folder)
    default: throw FileError.unreadable(path: folder, reason: "it is no folder")
    }
    let list = try InputList([folder], extensions: PictureNames.all)
    remarks = list.remarks
    prefix = folder.utf8.count + (folder.hasSuffix("/") ? 0 : 1)
    guard !list.paths.isEmpty else { throw LocalisationError.noImages(folder: folder) }
    guard let masks, let inner = Paths.place(of: masks, in: folder) else {
      paths = list.paths
      return
    }
    let start = Array((inner.isEmpty ? "" : inner + "/").utf8)
    let prefix = prefix
    paths = list.paths.filter { !$0.utf8.dropFirst(prefix).starts(with: start) }
    guard !paths.isEmpty else { throw LocalisationError.onlyMasks(images: folder, masks: masks) }
  }

  /// Path below the folder, without the ending.
  func place(_ path: String) -> Substring {
    let below = path.utf8.dropFirst(prefix)
    let end = below.lastIndex(of: UInt8(ascii: ".")) ?? below.endIndex
    return path[below.startIndex..<end]
  }

  /// Name without folders and ending.
  func stem(_ path: String) -> Substring {
    let place = place(path)
    return place.utf8.lastIndex(of: UInt8(ascii: "/")).map { place[place.utf8.index(after: $0)...] } ?? place
  }

  /// The positions of paths by one of these names.
  func index(by name: (String) -> Substring, where isWanted: (String) -> Bool = { _ in true }) -> [Substring:
    Group]
  {
    var groups: [Substring: Group] = [:]
    groups.reserveCapacity(paths.count)
    for (index, path) in paths.enumerated() where isWanted(path) {
      let name = name(path)
      if groups[name] == nil { groups[name] = Group(index) } else { groups[name]?.add(index) }
    }
    return groups
  }
}
