/// What `edviz heatmap` makes of one photograph.
public struct HeatmapFiles: Sendable {
  private let overlay: [UInt8]
  private let maps: [UInt8]
  private let ranges: [ClosedRange<Float>]

  /// Draws the overlay and the maps alone.
  /// - Throws: `ImageError`.
  public init(_ seen: PhotographRun.Seen, style: HeatmapStyle) throws {
    let figure = HeatmapFigure(
      photograph: seen.photograph, maps: seen.look.maps.map { ($0.tap.branch.title, $0.map) }, style: style)
    overlay = try figure.overlay.encodedPNG()
    maps = try figure.maps.encodedPNG()
    ranges = figure.ranges
  }

  /// Writes them and the raw depth sums, and notes them in the record.
  /// - Throws: `FileError`.
  public func write(_ look: Look, to folder: ResultFolder, record: inout Manifest.Input) throws {
    let stem = folder.uniqueStem(for: record.path)
    let names = record.maps.map { "\(stem)-\($0.block)-\($0.branch).npy" }
    try folder.check([stem + "-overlay.png", stem + "-map.png"] + names)
    try folder.write(overlay, to: stem + "-overlay.png", of: &record)
    try folder.write(maps, to: stem + "-map.png", of: &record)
    for (index, name) in names.enumerated() {
      record.maps[index].scale = [ranges[index].lowerBound, ranges[index].upperBound]
      try RawMap.write(look.maps[index].map, to: name, in: folder, record: &record, index)
    }
  }
}

/// Writes unscaled depth sums.
enum RawMap {
  static func write(
    _ map: FloatMap, to name: String, in folder: ResultFolder, record: inout Manifest.Input, _ index: Int
  ) throws {
    let array = NumPyArray(shape: [map.height, map.width], elements: map.values)
    record.maps[index].raw = name
    try folder.write(array.encoded, to: name, of: &record)
  }
}
