import ArgumentParser
import EDViz

/// Pictures in which someone marked an object: by mask files or by boxes.
struct MarkedPictureArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Folder of photographs (JPEG, PNG), with subfolders.", valueName: "folder"),
    completion: .directory)
  var images: String?

  @Option(
    help: ArgumentHelp(
      "Folder of their masks: pictures of the same name and size, brighter than half where the object is.",
      valueName: "folder"),
    completion: .directory)
  var masks: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Lists of boxes instead: 'name x0 y0 x1 y1' a line, in pixels, names relative to the list.",
      valueName: "file"),
    completion: .file(extensions: ["txt", "csv"]))
  var boxes: [String] = []

  @Option(
    help: ArgumentHelp(
      "x1 and y1 of boxes: excluded (first pixels beyond the box) or included (its last pixels: Tiny-ImageNet).",
      valueName: "how"))
  var boxEnds = BoxList.Ends.excluded

  func validate() throws {
    guard boxes.isEmpty ? images != nil && masks != nil : images == nil && masks == nil else {
      throw ValidationError("say either --images and --masks, or --boxes")
    }
  }

  /// What was marked, and how that was read.
  var marking: (objects: String, reading: String) {
    boxes.isEmpty
      ? ("masks", "pixels brighter than half")
      : ("boxes", "x1 and y1 \(boxEnds.rawValue); as a mask, the filled box")
  }

  /// What the results are called.
  var name: String {
    if let images { return Paths.stem(of: images) }
    let first = boxes.first.map(Paths.stem) ?? "boxes"
    return boxes.count > 1 ? "\(first)-and-\(boxes.count - 1)-more" : first
  }

  /// The pictures; what cannot be used is given to `complain`.
  /// - Throws: `FileError` or `LocalisationError` if nothing is left of two folders.
  func inputs(complain: (_ path: String, _ error: any Error) -> Void) throws -> [LocalisationInput] {
    if let images, let masks {
      let pairs = try MaskPairs(images: images, masks: masks)
      for (path, error) in pairs.unmatched { complain(path, error) }
      return pairs.inputs
    }
    return InputList.expand(boxes, extensions: ["txt", "csv"]).flatMap { path -> [LocalisationInput] in
      do {
        let list = try BoxList(contentsOf: path, ends: boxEnds)
        for error in list.badLines { complain(path, error) }
        return list.entries.map { LocalisationInput(path: $0.path, marking: .box($0.box)) }
      } catch {
        complain(path, error)
        return []
      }
    }
  }
}

extension BoxList.Ends: ExpressibleByArgument {}
