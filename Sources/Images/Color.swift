/// An 8-bit RGB colour.
public struct Color: Hashable, Sendable {
  /// Red, 0 to 255.
  public let red: UInt8
  /// Green, 0 to 255.
  public let green: UInt8
  /// Blue, 0 to 255.
  public let blue: UInt8

  /// A colour of given parts.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// No light.
  public static let black = Color(red: 0, green: 0, blue: 0)
  /// Full light.
  public static let white = Color(red: 255, green: 255, blue: 255)
  /// Pure red.
  public static let red = Color(red: 255, green: 0, blue: 0)
  /// Pure green.
  public static let green = Color(red: 0, green: 255, blue: 0)
  /// Red and green.
  public static let yellow = Color(red: 255, green: 255, blue: 0)
}

extension Image {
  /// A picture of one colour.
  public init(width: Int, height: Int, filledWith color: Color) {
    let count = width * height * 3
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      for pixel in stride(from: 0, to: count, by: 3) {
        buffer[pixel] = color.red
        buffer[pixel + 1] = color.green
        buffer[pixel + 2] = color.blue
      }
      filled = count
    }
    self.init(width: width, height: height, pixels: pixels)
  }
}
