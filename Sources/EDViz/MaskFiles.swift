/// Writes what `edviz mask` makes of one photograph.
public enum MaskFiles {
  /// Writes the mask and the photograph with the mask's outline and box, and notes them in the record.
  /// - Throws: `FileError`, `ImageError`.
  public static func write(
    _ seen: PhotographRun.Seen, rule: MaskProtocol, to folder: ResultFolder, record: inout Manifest.Input
  ) throws {
    let stem = folder.uniqueStem(for: record.path)
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
  }
}
