import ArgumentParser
import EDViz

/// Pictures in which someone marked an object: by mask files or by boxes.
struct MarkedPictureArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Folder of photographs, with subfolders.", valueName: "folder"),
    completion: .directory)
  var images: String?

  @Option(
    help: ArgumentHelp(
      "Folder of their masks: pictures of the same name and size, brighter than half where the object is, or more opaque "
        + "than half where they have an alpha channel that parts them.",
      valueName: "folder"),
    completion: .directory)
  var masks: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Lists of boxes instead: 'name x0 y0 x1 y1' a line, in pixels, names relative to the list. Several boxes of a "
        + "picture are one object.",
      valueName: "file"),
    completion: .file(extensions: ["txt", "csv"]))
  var boxes: [String] = []

  @Option(
    help: ArgumentHelp(
      "x1 and y1 of boxes: excluded (first pixels beyond the box, the default) or included (its last pixels: Tiny-ImageNet).",
      valueName: "how"))
  var boxEnds: BoxList.Ends?

  @OptionGroup(title: "Mask files") var maskFiles: MaskFileOptions

  func validate() throws {
    guard boxes.isEmpty || !maskFiles.isGiven else {
      throw ValidationError(
        "--mask-value, --mask-threshold, --mask-from and --ignore-value belong to --masks")
    }
    guard boxes.isEmpty ? images != nil && masks != nil : images == nil && masks == nil else {
      throw ValidationError("say either --images and --masks, or --boxes")
    }
    guard !boxes.isEmpty || boxEnds == nil else { throw ValidationError("--box-ends belongs to --boxes") }
  }

  /// What was marked, and how that was read.
  var marking: (objects: String, reading: String) {
    boxes.isEmpty
      ? ("masks", maskFiles.reading.description)
      : (
        "boxes", "x1 and y1 \(ends.rawValue), to the nearest pixels; as a mask, the filled boxes of a picture"
      )
  }

  private var ends: BoxList.Ends { boxEnds ?? .excluded }

  /// What the results are called.
  var name: String {
    if let images { return Paths.stem(of: images) }
    let first = boxes.first.map(Paths.stem) ?? "boxes"
    return boxes.count > 1 ? "\(first)-and-\(boxes.count - 1)-more" : first
  }

  /// The pictures, and what cannot be used.
  /// - Throws: `FileError` or `LocalisationError` if nothing is left of two folders.
  func data() throws -> LocalisationSession.Data {
    if let images, let masks {
      let pairs = try MaskPairs(images: images, masks: masks)
      let inputs = pairs.inputs.map { input in
        var input = input
        input.reading = maskFiles.reading
        return input
      }
      return LocalisationSession.Data(
        inputs: inputs, problems: pairs.unmatched.map { ($0, $1) }, remarks: pairs.remarks)
    }
    let files = try InputList(boxes, extensions: ["txt", "csv"])
    guard !files.paths.isEmpty else {
      throw Failure(.missingInput, "no lists of boxes (.txt, .csv) in \(boxes.joined(separator: ", "))")
    }
    var data = LocalisationSession.Data(inputs: [], problems: [], remarks: files.remarks)
    var lists: [BoxList] = []
    for path in files.paths {
      do {
        let list = try BoxList(contentsOf: path, ends: ends)
        data.problems += list.badLines.map { (path, $0) }
        data.remarks += list.remarks
        lists.append(list)
      } catch { data.problems.append((path, error)) }
    }
    let joined = BoxList.joined(lists)
    data.problems += joined.problems.map { ($0.path, $0.error) }
    data.inputs = joined.entries.map { LocalisationInput(path: $0.path, marking: .boxes($0.boxes)) }
    return data
  }
}

extension BoxList.Ends: ExpressibleByArgument {}
