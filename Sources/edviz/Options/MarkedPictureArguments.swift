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

  @Option(
    help: ArgumentHelp(
      "What the numbers of --boxes are: xyxy (edges, the default) or xywh (left, top, width, height). Headings tell, too.",
      valueName: "form"))
  var boxFormat: BoxList.Format?

  @Option(
    help: ArgumentHelp(
      "Annotations of the photographs in --images instead: COCO's instances as JSON, or a folder of Pascal VOC's XML. All "
        + "objects of a picture are one; crowds and difficult objects are ignored.",
      valueName: "path"),
    completion: .file(extensions: ["json", "xml"]))
  var annotations: String?

  @Option(
    help: ArgumentHelp(
      "What of --annotations counts: masks (outlines, or boxes where there are none; the default) or boxes.",
      valueName: "what"))
  var annotationObjects: AnnotationObjects?

  @OptionGroup(title: "Mask files") var maskFiles: MaskFileOptions

  func validate() throws {
    guard masks != nil || !maskFiles.isGiven else {
      throw ValidationError(
        "--mask-value, --mask-threshold, --mask-from and --ignore-value belong to --masks")
    }
    let sources = [masks != nil, annotations != nil, !boxes.isEmpty].count { $0 }
    guard sources == 1, (images != nil) == boxes.isEmpty else {
      throw ValidationError("say either --images and --masks, --images and --annotations, or --boxes")
    }
    guard !boxes.isEmpty || boxEnds == nil else { throw ValidationError("--box-ends belongs to --boxes") }
    guard !boxes.isEmpty || boxFormat == nil else {
      throw ValidationError("--box-format belongs to --boxes")
    }
    guard boxFormat != .xywh || boxEnds == nil else {
      throw ValidationError("--box-ends means nothing with --box-format xywh")
    }
    guard annotations != nil || annotationObjects == nil else {
      throw ValidationError("--annotation-objects belongs to --annotations")
    }
  }

  /// What was marked, and how that was read.
  var marking: (objects: String, reading: String) {
    if annotations != nil {
      let kind = annotationObjects ?? .masks
      return (
        kind.rawValue,
        kind == .masks
          ? "outlines of an annotation file, all of a picture"
          : "boxes of an annotation file, filled, all of a picture"
      )
    }
    return boxes.isEmpty
      ? ("masks", maskFiles.reading.description)
      : (
        "boxes",
        (boxFormat == .xywh ? "left, top, width and height" : "x1 and y1 \(ends.rawValue)")
          + ", to the nearest pixels; as a mask, the filled boxes of a picture"
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
    if let images, let annotations { return try annotated(images, annotations) }
    let files = try InputList(boxes, extensions: ["txt", "csv"])
    guard !files.paths.isEmpty else {
      throw Failure(.missingInput, "no lists of boxes (.txt, .csv) in \(boxes.joined(separator: ", "))")
    }
    var data = LocalisationSession.Data(inputs: [], problems: [], remarks: files.remarks)
    var lists: [BoxList] = []
    for path in files.paths {
      do {
        let list = try BoxList(contentsOf: path, ends: ends, format: boxFormat)
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

extension MarkedPictureArguments {
  /// The pictures of annotation files, in a folder of their own.
  private func annotated(_ images: String, _ annotations: String) throws -> LocalisationSession.Data {
    let files = try InputList([annotations], extensions: ["json", "xml"])
    guard !files.paths.isEmpty else {
      throw Failure(.missingInput, "no annotations (.json, .xml) in \(annotations)")
    }
    var data = LocalisationSession.Data(inputs: [], problems: [], remarks: files.remarks)
    var (remarks, left): ([String], Int) = ([], 0)
    for path in files.paths {
      do {
        let file = try AnnotationFile(contentsOf: path, objects: annotationObjects ?? .masks)
        remarks += file.remarks
        data.inputs += file.pictures.map {
          LocalisationInput(
            path: Paths.resolved($0.name, in: images), marking: .regions($0.objects, ignored: $0.ignored))
        }
      } catch { data.problems.append((path, error)) }
    }
    left = max(0, remarks.count - 10)
    data.remarks += remarks.prefix(10) + (left > 0 ? ["and \(left) more such remarks"] : [])
    return data
  }
}

extension BoxList.Ends: ExpressibleByArgument {}
extension BoxList.Format: ExpressibleByArgument {}
extension AnnotationObjects: ExpressibleByArgument {}
