/// Rows and columns.
public struct Size2D: Hashable, Sendable, Codable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// A size of given rows and columns.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The same in both directions.
  public init(_ side: Int) {
    self.init(height: side, width: side)
  }
}

extension Size2D: CustomStringConvertible {
  /// "7×9", rows first.
  public var description: String { "\(height)×\(width)" }
}
