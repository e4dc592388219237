/// What `edviz mask` makes of one photograph.
public struct MaskFiles: Sendable {
  private let mask: [UInt8]
  private let contour: [UInt8]
  private let summary: Manifest.MaskRecord

  /// Makes the mask, and the photograph with the mask's outline and box.
  /// - Throws: `ImageError`.
  public init(_ seen: PhotographRun.Seen, rule: MaskProtocol) throws {
    let photograph = seen.photograph
    let (mask, level) = rule.mask(
      of: seen.look.maps[0].map, width: photograph.width, height: photograph.height)
    summary = Manifest.MaskRecord(mask, level: level, connectivity: rule.connectivity)
    self.mask = try mask.encodedPNG()
    var drawing = photograph
    drawing.drawOutline(of: mask)
    if let box = mask.boundingBox { drawing.drawBox(box) }
    contour = try drawing.encodedPNG()
  }

  /// Writes them and the raw depth sum, and notes them in the record.
  /// - Throws: `FileError`.
  public func write(_ look: Look, to folder: ResultFolder, record: inout Manifest.Input) throws {
    let stem = folder.uniqueStem(for: record.path)
    let rawName = "\(stem)-\(record.maps[0].block)-\(record.maps[0].branch).npy"
    try folder.check([stem + "-mask.png", stem + "-contour.png", rawName])
    record.mask = summary
    if summary.box == nil { record.warnings.append("the mask is empty") }
    try folder.write(mask, to: stem + "-mask.png", of: &record)
    try folder.write(contour, to: stem + "-contour.png", of: &record)
    try RawMap.write(look.maps[0].map, to: rawName, in: folder, record: &record, 0)
  }
}
