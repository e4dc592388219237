/// One pass over photographs that makes a figure of them.
public struct PictureFigureRun {
  /// A figure of more photographs could not be read.
  public static let mostPhotographs = 100

  private let figure: any PictureFigure
  private let decoder: ImageDecoder
  private let isNamed: Bool

  /// A pass.
  /// - Parameter isNamed: whether the names of the photographs stand beside their rows.
  public init(figure: any PictureFigure, decoder: ImageDecoder, isNamed: Bool) {
    self.figure = figure
    self.decoder = decoder
    self.isNamed = isNamed
  }

  /// The figure; nil if no photograph could be shown.
  /// - Parameter finish: is called after each photograph with its record and the error, if there was one, also of a
  ///   photograph that is shown all the same; what it throws ends the run.
  public func grid(
    of paths: [String], title: String, cellWidth: Double,
    finish: (Manifest.Input, (any Error)?) throws -> Void
  ) throws -> PictureGrid? {
    let decoder = decoder
    let loaded = Prefetcher(count: paths.count) { index in
      Result {
        try FileBytes.read(paths[index]).withUnsafeBytes { bytes in
          (try decoder.decode(bytes, file: paths[index]), SHA256.hexadecimal(of: bytes))
        }
      }
    }
    let clock = ContinuousClock()
    var rows: [PictureGrid.Row] = []
    for (path, result) in zip(paths, loaded) {
      let start = clock.now
      var record = Manifest.Input(path: path)
      var failure: (any Error)?
      do {
        let (decoded, digest) = try result.get()
        record.sha256 = digest
        record.size = [decoded.image.width, decoded.image.height]
        record.note(decoded)
        rows += try PictureError.naming(path) {
          try figure.rows(
            of: decoded.image, label: isNamed ? Paths.stem(of: path) : "", record: &record, lack: &failure)
        }
        record.error = failure.map { "\($0)" }
      } catch {
        failure = error
        record.error = "\(error)"
      }
      record.seconds = (clock.now - start) / .seconds(1)
      try finish(record, failure)
    }
    guard !rows.isEmpty else { return nil }
    var grid = PictureGrid(title: title, rows: Self.withoutRepeatedCaptions(rows), cellWidth: cellWidth)
    grid.groups = figure.groups
    grid.footnote = figure.footnote
    return grid
  }

  /// Captions that are those of the row above are left out: they head columns.
  static func withoutRepeatedCaptions(_ rows: [PictureGrid.Row]) -> [PictureGrid.Row] {
    var last: [String] = []
    return rows.map { row in
      let captions = row.cells.map(\.caption)
      defer { last = captions }
      guard captions == last else { return row }
      var row = row
      for index in row.cells.indices { row.cells[index].caption = "" }
      return row
    }
  }
}
