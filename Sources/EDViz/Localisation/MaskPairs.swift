/// The pictures of one folder and their masks in another, found by name.
///
/// The mask of `photos/birds/wren.jpg` is `masks/birds/wren.png`, or else the only mask of that name in any subfolder
/// that is not the mask of another picture in this way.
public struct MaskPairs {
  /// Pictures with their masks, in the order of pictures.
  public private(set) var inputs: [LocalisationInput] = []
  /// What stayed alone: pictures, then masks.
  public private(set) var unmatched: [(path: String, error: LocalisationError)] = []

  /// Looks through both folders and their subfolders.
  /// - Throws: `FileError` if one is missing, `LocalisationError` if there is nothing to compare.
  public init(images: String, masks: String) throws {
    let maskFiles = try NamedFiles(in: masks)
    // The folder of masks may lie in that of the pictures.
    let pictures = try NamedFiles(in: images, without: Set(maskFiles.files.map(\.path)))
    let claimed = Set(pictures.files.map(\.place)).intersection(maskFiles.byPlace.keys)
    var used: Set<String> = []
    for picture in pictures.files {
      let beside = maskFiles.byPlace[picture.place] ?? []
      let far = (maskFiles.byStem[picture.stem] ?? []).filter { !claimed.contains($0.place) }
      let candidates = beside.isEmpty ? far : beside
      let rivals = beside.isEmpty ? pictures.byStem[picture.stem] : pictures.byPlace[picture.place]
      used.formUnion(candidates.map(\.path))
      if candidates.isEmpty {
        unmatched.append((picture.path, .noMask(image: picture.path)))
      } else if candidates.count == 1, rivals?.count == 1 {
        inputs.append(LocalisationInput(path: picture.path, marking: .maskFile(candidates[0].path)))
      } else {
        unmatched.append((picture.path, .ambiguous(image: picture.path)))
      }
    }
    guard !inputs.isEmpty else { throw LocalisationError.noPairs(images: images, masks: masks) }
    for mask in maskFiles.files where !used.contains(mask.path) {
      unmatched.append((mask.path, .noImage(mask: mask.path)))
    }
  }
}

/// The pictures in a folder, under the names that pairs are found by.
private struct NamedFiles {
  struct File {
    let path: String
    /// Path below the folder, without the ending.
    let place: String
    /// Name without folders and ending.
    let stem: String
  }

  let files: [File]
  let byPlace: [String: [File]]
  let byStem: [String: [File]]

  init(in folder: String, without others: Set<String> = []) throws {
    switch Folders.kind(of: folder) {
    case .folder: break
    case nil: throw FileError.notFound(path: folder)
    default: throw FileError.unreadable(path: folder, reason: "it is no folder")
    }
    let paths = InputList.expand([folder], extensions: ["jpg", "jpeg", "png"])
    files = paths.filter { !others.contains($0) }.map { path in
      let below = String(path.dropFirst(folder.count).drop { $0 == "/" })
      let stem = Paths.stem(of: path)
      return File(path: path, place: Paths.resolved(stem, in: Paths.folder(of: below)), stem: stem)
    }
    guard !files.isEmpty else { throw LocalisationError.noImages(folder: folder) }
    byPlace = Dictionary(grouping: files, by: \.place)
    byStem = Dictionary(grouping: files, by: \.stem)
  }
}
