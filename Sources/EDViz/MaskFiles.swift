/// Writes what `edviz mask` makes of one photograph.
public enum MaskFiles {
  /// Writes the mask, the photograph with the mask's outline and box, and the raw depth sum, and notes them in the record.
  /// - Throws: `FileError`, `ImageError`.
  public static func write(
    _ seen: PhotographRun.Seen, rule: MaskProtocol, to folder: ResultFolder, record: inout Manifest.Input
  ) throws {
    let stem = folder.uniqueStem(for: record.path)
    let rawName = "\(stem)-\(record.maps[0].block)-\(record.maps[0].branch).npy"
    try folder.check([stem + "-mask.png", stem + "-contour.png", rawName])
    let photograph = seen.photograph
    let (mask, level) = rule.mask(
      of: seen.look.maps[0].map, width: photograph.width, height: photograph.height)
    let box = mask.boundingBox
    record.mask = Manifest.MaskRecord(mask, level: level, connectivity: rule.connectivity)
    if box == nil { record.warnings.append("the mask is empty") }
    record.outputs.append(try folder.write(mask.encodedPNG(), to: stem + "-mask.png"))
    var drawing = photograph
    drawing.drawOutline(of: mask)
    if let box { drawing.drawBox(box) }
    record.outputs.append(try folder.write(drawing.encodedPNG(), to: stem + "-contour.png"))
    try RawMap.write(seen.look.maps[0].map, to: rawName, in: folder, record: &record, 0)
  }
}
