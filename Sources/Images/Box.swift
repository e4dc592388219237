/// A rectangle of pixels: from (`x0`, `y0`), up to but without (`x1`, `y1`). It may reach outside a picture.
public struct Box: Hashable, Sendable {
  /// First column.
  public var x0: Int
  /// First row.
  public var y0: Int
  /// The column after the last.
  public var x1: Int
  /// The row after the last.
  public var y1: Int

  /// A box of given edges; one whose edges cross is empty.
  public init(x0: Int, y0: Int, x1: Int, y1: Int) {
    self.x0 = x0
    self.y0 = y0
    self.x1 = x1
    self.y1 = y1
  }

  /// Columns, 0 if empty.
  public var width: Int { max(x1 - x0, 0) }
  /// Rows, 0 if empty.
  public var height: Int { max(y1 - y0, 0) }
  /// Whether it holds no pixel; also of a box whose area no `Int` counts.
  public var isEmpty: Bool { width == 0 || height == 0 }
  /// Pixels.
  public var area: Int { width * height }

  /// What lies in both.
  public func intersection(_ other: Box) -> Box {
    Box(x0: max(x0, other.x0), y0: max(y0, other.y0), x1: min(x1, other.x1), y1: min(y1, other.y1))
  }
}
