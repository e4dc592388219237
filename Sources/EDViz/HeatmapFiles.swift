/// Writes what `edviz heatmap` makes of one photograph.
public enum HeatmapFiles {
  /// Writes the overlay, the maps alone and the raw depth sums, and notes them in the record.
  /// - Throws: `FileError`, `ImageError`.
  public static func write(
    _ seen: PhotographRun.Seen, style: HeatmapStyle, to folder: ResultFolder, record: inout Manifest.Input
  ) throws {
    let stem = folder.uniqueStem(for: record.path)
    let names = seen.look.maps.indices.map { index in
      "\(stem)-\(record.maps[index].block)-\(record.maps[index].branch).npy"
    }
    try folder.check([stem + "-overlay.png", stem + "-map.png"] + names)
    let figure = HeatmapFigure(
      photograph: seen.photograph, maps: seen.look.maps.map { ($0.tap.branch.title, $0.map) }, style: style)
    record.outputs.append(try folder.write(figure.overlay.encodedPNG(), to: stem + "-overlay.png"))
    record.outputs.append(try folder.write(figure.maps.encodedPNG(), to: stem + "-map.png"))
    for (index, name) in names.enumerated() {
      record.maps[index].scale = [figure.ranges[index].lowerBound, figure.ranges[index].upperBound]
      try RawMap.write(seen.look.maps[index].map, to: name, in: folder, record: &record, index)
    }
  }
}

/// Writes unscaled depth sums.
enum RawMap {
  static func write(
    _ map: FloatMap, to name: String, in folder: ResultFolder, record: inout Manifest.Input, _ index: Int
  ) throws {
    let array = NumPyArray(shape: [map.height, map.width], elements: map.values)
    record.maps[index].raw = try folder.write(array.encoded, to: name)
    record.outputs.append(name)
  }
}
