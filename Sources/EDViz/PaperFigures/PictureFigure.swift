/// A figure with one or more rows for each photograph.
public protocol PictureFigure {
  /// Headings over columns.
  var groups: [PictureGrid.Group] { get }
  /// What the figure shows and how, in a sentence below it.
  var footnote: String { get }
  /// The rows of a photograph, whose record says what was found.
  /// - Parameters:
  ///   - label: what the figure calls the photograph; empty for nothing.
  ///   - lack: is set to what is wrong with a photograph that is shown all the same.
  /// - Throws: what concerns the photograph only, or a mistake in what was asked for.
  func rows(
    of photograph: Image, label: String, record: inout Manifest.Input, lack: inout (any Error)?
  ) throws -> [PictureGrid.Row]
}

/// How figures of pictures are drawn.
public struct PictureFigureStyle: Sendable {
  /// How values become colours.
  public var heatmap: HeatmapStyle
  /// Width of a column in points.
  public var cellWidth: Double
  /// Pixels that a picture has at most for each point of its side.
  public var pixelsPerPoint: Double

  /// A style.
  public init(
    heatmap: HeatmapStyle = HeatmapStyle(), cellWidth: Double = 108, pixelsPerPoint: Double = 200 / 72
  ) {
    self.heatmap = heatmap
    self.cellWidth = cellWidth
    self.pixelsPerPoint = pixelsPerPoint
  }

  /// A picture with as many pixels as its cell can show.
  func fitted(_ image: Image) -> Image {
    let size = PictureGrid.size(of: image, cellWidth: cellWidth)
    let width = Int((size.width * pixelsPerPoint).rounded(.up))
    let height = Int((size.height * pixelsPerPoint).rounded(.up))
    return width < image.width && height < image.height ? image.resized(width: width, height: height) : image
  }

  /// A map that is to be drawn over a photograph.
  struct Overlay {
    var caption: String
    var map: FloatMap
    /// What `fitted` made of the part of the photograph that the network saw.
    var photograph: Image
  }

  /// Maps as neighbours in a row: the cells, their bars, and the values that the ends of the colours stand for.
  func overlays(
    _ overlays: [Overlay], from column: Int
  ) -> (cells: [PictureGrid.Cell], bars: [PictureGrid.Bar], ranges: [ClosedRange<Float>]) {
    let ranges = heatmap.ranges(of: overlays.map { ($0.map, $0.photograph) })
    let cells = zip(overlays, ranges).map { overlay, range in
      let photograph = overlay.photograph
      let colored = overlay.map.resized(width: photograph.width, height: photograph.height)
        .colored(with: heatmap.colorMap, scale: range)
      return PictureGrid.Cell(
        photograph.blended(with: colored, alpha: heatmap.alpha), caption: overlay.caption)
    }
    func bar(_ columns: Range<Int>, _ range: ClosedRange<Float>) -> PictureGrid.Bar {
      PictureGrid.Bar(columns: columns, bar: ColorBar(colorMap: heatmap.colorMap, range: range))
    }
    let bars =
      heatmap.scale == .perMap
      ? ranges.enumerated().map { index, range in bar(column + index..<column + index + 1, range) }
      : ranges.first.map { [bar(column..<column + ranges.count, $0)] } ?? []
    return (cells, bars, ranges)
  }

  /// The scale in words.
  var scaleSentence: String {
    switch heatmap.scale {
    case .perMap: "each map on its own scale"
    case .shared: "maps of a row on one scale"
    case .fixed(let range): "colours from \(range.lowerBound) to \(range.upperBound)"
    }
  }
}

extension AttentionSession {
  /// How photographs reach the network, in words.
  var inputSentence: String {
    let preprocessing = model.preprocessing
    return preprocessing.fit == .none
      ? "pictures as they are" : "\(preprocessing.size) pixels (fit: \(preprocessing.fit.rawValue))"
  }
}

extension Manifest.Input {
  /// Notes a map with the values that its colours stand for, and warns if it shows nothing that can be trusted.
  mutating func note(
    _ map: FloatMap, block: String, branch: AttentionBranch, range: ClosedRange<Float>, name: String
  ) {
    var entry = Manifest.Map(block: block, branch: branch, map: map)
    entry.scale = [range.lowerBound, range.upperBound]
    if let condition = entry.condition { warnings.append("the map of \(name) \(condition.explanation)") }
    maps.append(entry)
  }
}
