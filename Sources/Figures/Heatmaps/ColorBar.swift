import Images

/// A strip of a colour map with the values at its ends and in its middle.
public struct ColorBar: Hashable, Sendable {
  /// The colours.
  public var colorMap: ColorMap
  /// The values that the ends stand for.
  public var range: ClosedRange<Float>

  /// A bar for a map that was coloured with this scale.
  public init(colorMap: ColorMap, range: ClosedRange<Float>) {
    self.colorMap = colorMap
    self.range = range
  }

  /// Values with three significant digits, short enough to stand beside a picture.
  static func label(_ value: Float) -> String {
    guard value.isFinite else { return "\(value)" }
    guard value != 0 else { return "0" }
    let magnitude = abs(Double(value))
    var exponent = 0
    var scaled = magnitude
    while scaled >= 10 { (scaled, exponent) = (scaled / 10, exponent + 1) }
    while scaled < 1 { (scaled, exponent) = (scaled * 10, exponent - 1) }
    var digits = Int((scaled * 100).rounded())
    if digits == 1000 { (digits, exponent) = (100, exponent + 1) }
    let sign = value < 0 ? "−" : ""
    let text = String(digits)
    switch exponent {
    case 2...5: return sign + text + String(repeating: "0", count: exponent - 2)
    case 0...1: return sign + trimmed(text.prefix(exponent + 1) + "." + text.dropFirst(exponent + 1))
    case -3 ... -1: return sign + trimmed("0." + String(repeating: "0", count: -exponent - 1) + text)
    default: return sign + trimmed(text.prefix(1) + "." + text.dropFirst(1)) + "e\(exponent)"
    }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = String(text)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Labels from the top: high end, middle, low end.
  var labels: [String] {
    let (low, high) = (range.lowerBound, range.upperBound)
    return [high, low + (high - low) / 2, low].map(Self.label)
  }

  /// The colours from the low end on the left to the high end, a pixel each.
  var ramp: Image {
    let colors = (0...255).map { colorMap[UInt8($0)] }
    return Image(width: 256, height: 1, pixels: colors.flatMap { [$0.red, $0.green, $0.blue] })
  }

  /// The strip itself, high values on top.
  func strip(width: Int, height: Int) -> Image {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for row in 0..<height {
      let level = height > 1 ? 255 - (row * 255 + (height - 1) / 2) / (height - 1) : 255
      let color = colorMap[UInt8(level)]
      for _ in 0..<width { pixels += [color.red, color.green, color.blue] }
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
