import Images

/// A grid of pictures: a row for each photograph, a column for each moment, such as an epoch.
public struct Filmstrip: Sendable {
  /// Pictures of one photograph.
  public struct Row: Sendable {
    /// Stands on the left; empty for none.
    public var label: String
    /// From the left; a row that is shorter than others is left empty at its end.
    public var images: [Image]

    /// Pictures with a name.
    public init(label: String = "", images: [Image]) {
      self.label = label
      self.images = images
    }
  }

  /// Above everything; empty for none.
  public var title: String
  /// Headings of the columns.
  public var headings: [String]
  /// From the top.
  public var rows: [Row]
  /// Width of a picture in points.
  public var pictureWidth = 96.0
  /// Between pictures, in points.
  public var gap = 2.0

  /// Names longer than this are shortened.
  private static let widestLabel = 120.0

  /// A grid with at least one picture.
  public init(title: String = "", headings: [String], rows: [Row]) {
    precondition(rows.contains { !$0.images.isEmpty }, "a filmstrip has at least one picture")
    self.title = title
    self.headings = headings
    self.rows = rows
  }

  /// The grid as a drawing. Pictures keep their proportions; a row is as high as its highest picture.
  public func canvas(theme: ChartTheme = .light) -> Canvas {
    let columns = max(headings.count, rows.map(\.images.count).max() ?? 0)
    let label = theme.labelStyle
    let labels = rows.map { label.shortened($0.label, to: Self.widestLabel) }
    let widest = labels.map(label.width).max() ?? 0
    let left = (theme.margin + (widest > 0 ? widest + theme.margin * 0.7 : 0)).rounded(.up)
    let width = left + Double(columns) * (pictureWidth + gap) - gap + theme.margin
    let titleLines = theme.titleStyle.wrapped(title, to: width - 2 * theme.margin, limit: 2)
    let hasHeadings = headings.contains { !$0.asOneLine.isEmpty }
    let titles = Double(titleLines.count) * theme.titleStyle.lineHeight
    let heading = hasHeadings ? label.lineHeight + 2 : 0
    let top = (theme.margin + titles + (titleLines.isEmpty ? 0 : theme.margin * 0.4) + heading).rounded(.up)
    let heights = rows.map { $0.images.map(height).max() ?? pictureWidth }
    let rowsHeight = heights.reduce(0) { $0 + $1 + gap } - gap

    var canvas = Canvas(width: width, height: top + rowsHeight + theme.margin, background: theme.background)
    for (index, line) in titleLines.enumerated() {
      let baseline = theme.margin + theme.titleSize + Double(index) * theme.titleStyle.lineHeight
      canvas.text(line, at: Place(x: theme.margin, y: baseline), theme.titleStyle)
    }
    for (column, heading) in headings.enumerated() {
      let middle = left + Double(column) * (pictureWidth + gap) + pictureWidth / 2
      let text = label.shortened(heading, to: pictureWidth)
      canvas.text(text, at: Place(x: middle, y: top - 2 - label.size * 0.35), label, anchor: .middle)
    }
    var y = top
    for (row, height) in zip(rows.indices, heights) {
      canvas.text(
        labels[row], around: Place(x: left - theme.margin * 0.7, y: y + height / 2), label, anchor: .end)
      for column in 0..<columns {
        let cell = Area(
          x: left + Double(column) * (pictureWidth + gap), y: y, width: pictureWidth, height: height)
        guard column < rows[row].images.count else {
          canvas.rectangle(cell, theme.grid)
          continue
        }
        let image = rows[row].images[column]
        let own = self.height(of: image)
        let area = Area(x: cell.x, y: y + ((height - own) / 2).rounded(), width: pictureWidth, height: own)
        // Enlarged pixels stay pixels: a small picture looks as the network sees it.
        canvas.image(image, in: area, isSmooth: Double(image.width) > pictureWidth / 2)
      }
      y += height + gap
    }
    return canvas
  }

  private func height(of image: Image) -> Double {
    max(1, (pictureWidth * Double(image.height) / Double(image.width)).rounded())
  }
}
