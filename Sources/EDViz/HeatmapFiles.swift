/// Writes what `edviz heatmap` makes of one photograph.
public enum HeatmapFiles {
  /// Writes the overlay, the maps alone and the raw depth sums, and notes them in the record.
  /// - Throws: `FileError`, `ImageError`.
  public static func write(
    _ seen: PhotographRun.Seen, style: HeatmapStyle, to folder: ResultFolder, record: inout Manifest.Input
  ) throws {
    let stem = folder.uniqueStem(for: record.path)
    let figure = HeatmapFigure(
      photograph: seen.photograph, maps: seen.look.maps.map { ($0.tap.branch.title, $0.map) }, style: style)
    record.outputs.append(try folder.write(figure.overlay.encodedPNG(), to: stem + "-overlay.png"))
    record.outputs.append(try folder.write(figure.maps.encodedPNG(), to: stem + "-map.png"))
    for (index, (tap, map)) in seen.look.maps.enumerated() {
      let range = figure.ranges[index]
      record.maps[index].scale = [range.lowerBound, range.upperBound]
      let array = NumPyArray(shape: [map.height, map.width], elements: map.values)
      let name = "\(stem)-\(record.maps[index].block)-\(tap.branch.name).npy"
      record.maps[index].raw = try folder.write(array.encoded, to: name)
      record.outputs.append(name)
    }
  }
}
