/// One float per position: a depth sum, a heatmap, a probability map.
public struct FloatMap: Hashable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Row-major values, rows from the top.
  public var values: [Float] {
    // Loops over values go without bounds checks and rely on this.
    didSet { precondition(values.count == width * height, "values do not fill the map") }
  }

  /// A map of given values.
  public init(width: Int, height: Int, values: [Float]) {
    precondition(width > 0 && height > 0 && values.count == width * height, "values do not fill the map")
    self.width = width
    self.height = height
    self.values = values
  }
}
