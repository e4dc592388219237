/// A picture as people see it: upright, 8-bit RGB, no alpha.
public struct Image: Hashable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Interleaved red, green, blue; rows from the top; `width * height * 3` bytes.
  public var pixels: [UInt8] {
    // Loops over pixels go without bounds checks and rely on this.
    didSet { precondition(pixels.count == width * height * 3, "pixels do not fill the picture") }
  }

  /// A picture of given pixels.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    precondition(pixels.count == width * height * 3, "pixels do not fill the picture")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
