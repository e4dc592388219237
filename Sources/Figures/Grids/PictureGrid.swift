import Images

/// Rows and columns of pictures with captions, notes and colour bars: a row for a photograph, a column for a branch, a
/// model or an epoch.
public struct PictureGrid: Sendable {
  /// One picture and what is written at it.
  public struct Cell: Sendable {
    /// The picture; an empty field stands for nil.
    public var image: Image?
    /// Stands above it; empty for none.
    public var caption: String
    /// Stands below it; empty for none.
    public var note: String

    /// A picture with what explains it.
    public init(_ image: Image?, caption: String = "", note: String = "") {
      self.image = image
      self.caption = caption
      self.note = note
    }
  }

  /// A colour bar below the pictures of some columns.
  public struct Bar: Sendable {
    /// The columns.
    public var columns: Range<Int>
    /// The colours and the values of their ends.
    public var bar: ColorBar

    /// A bar for columns.
    public init(columns: Range<Int>, bar: ColorBar) {
      self.columns = columns
      self.bar = bar
    }
  }

  /// Pictures side by side.
  public struct Row: Sendable {
    /// Stands on the left; empty for none.
    public var label: String
    /// From the left; a row that is shorter than others leaves room at its end.
    public var cells: [Cell]
    /// Below the pictures.
    public var bars: [Bar]

    /// Pictures with a name.
    public init(label: String = "", cells: [Cell], bars: [Bar] = []) {
      self.label = label
      self.cells = cells
      self.bars = bars
    }
  }

  /// Columns under one heading.
  public struct Group: Sendable {
    /// The heading.
    public var title: String
    /// The columns.
    public var columns: Range<Int>

    /// Columns with a heading.
    public init(_ title: String, columns: Range<Int>) {
      self.title = title
      self.columns = columns
    }
  }

  /// Above everything; empty for none.
  public var title: String
  /// Headings above the first row.
  public var groups: [Group] = []
  /// From the top.
  public var rows: [Row]
  /// Below everything, small; empty for none.
  public var footnote = ""
  /// Width of a column in points.
  public var cellWidth: Double
  /// Between columns, in points.
  public var gap = 6.0

  /// A grid with at least one cell.
  public init(title: String = "", rows: [Row], cellWidth: Double = 108) {
    precondition(rows.contains { !$0.cells.isEmpty }, "a grid has at least one cell")
    self.title = title
    self.rows = rows
    self.cellWidth = cellWidth
  }

  /// Width and height in points that a picture has in a column: its own proportions, as wide as the column, but at most
  /// half as high again, so that a tall one does not fill the sheet.
  public static func size(of image: Image, cellWidth: Double) -> (width: Double, height: Double) {
    let aspect = Double(image.height) / Double(image.width)
    let width = min(cellWidth, cellWidth * 1.5 / aspect)
    return (width, max(0.5, width * aspect))
  }

  /// The grid as a drawing, whose size follows from its pictures.
  public func canvas(theme: ChartTheme = .light) -> Canvas { PictureGridLayout(self, theme).canvas() }
}
