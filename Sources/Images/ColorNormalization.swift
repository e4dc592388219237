/// How levels become a network's numbers: each colour, or the grey level, on 0…1, less a mean, over a standard deviation.
public struct ColorNormalization: Hashable, Sendable {
  /// Mean of red, green and blue, or of grey levels.
  public let mean: [Float]
  /// What they are divided by then.
  public let standardDeviation: [Float]
  /// The number of each level: 256 for red, then green, then blue; or 256 in all.
  private let table: [Float]
  /// In which order colours are written.
  public let order: ColorOrder

  /// What networks for ImageNet, and here also for other photographs, are trained with.
  public static let imageNet = ColorNormalization(
    validMean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])

  /// Channels that it makes: 3, or 1 of grey levels.
  public var channels: Int { mean.count }

  /// A normalisation of three colours, or of grey levels.
  /// - Parameter order: in which order three colours are written.
  /// - Throws: `ImageError.unusableNormalization`.
  public init(
    mean: [Float], standardDeviation: [Float], order: ColorOrder = .rgb
  ) throws(ImageError) {
    try Self.check(mean: mean, standardDeviation: standardDeviation)
    self.init(validMean: mean, standardDeviation: standardDeviation, order: order)
  }

  /// What every way to give these numbers asks of them.
  /// - Throws: `ImageError.unusableNormalization` for other than three finite numbers each, or one each, and for a deviation that is
  ///   not above 0: none can be negative, and a division by nearly nothing has no result.
  public static func check(mean: [Float], standardDeviation: [Float]) throws(ImageError) {
    guard mean.count == 3 || mean.count == 1, mean.allSatisfy(\.isFinite) else {
      throw .unusableNormalization(part: "mean", values: mean)
    }
    guard standardDeviation.count == mean.count, standardDeviation.allSatisfy({ $0.isFinite && $0 > 1e-6 })
    else {
      throw .unusableNormalization(part: "standard deviation", values: standardDeviation)
    }
  }

  private init(validMean mean: [Float], standardDeviation: [Float], order: ColorOrder = .rgb) {
    self.order = order
    self.mean = mean
    self.standardDeviation = standardDeviation
    table = mean.indices.flatMap { c in (0..<256).map { (Float($0) / 255 - mean[c]) / standardDeviation[c] } }
  }

  /// Writes the numbers of a picture, [H, W, channels], to where `target` begins.
  public func write(_ image: Image, to target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count >= image.pixels.count / 3 * channels, "no room for the picture")
    guard channels == 3 else { return writeGray(image, to: target) }
    let (first, last) = order == .bgr ? (2, 0) : (0, 2)
    let isGrey = order == .grey
    image.pixels.withUnsafeBufferPointer { pixels in
      table.withUnsafeBufferPointer { table in
        var position = 0
        while position < pixels.count {
          var (red, green, blue) = (pixels[position], pixels[position &+ 1], pixels[position &+ 2])
          if isGrey { (red, green, blue) = Self.grey(red, green, blue) }
          target[position &+ first] = table[Int(red)]
          target[position &+ 1] = table[256 &+ Int(green)]
          target[position &+ last] = table[512 &+ Int(blue)]
          position &+= 3
        }
      }
    }
  }

  private func writeGray(_ image: Image, to target: UnsafeMutableBufferPointer<Float>) {
    for position in 0..<image.pixels.count / 3 {
      let start = 3 * position
      let level = Self.grey(image.pixels[start], image.pixels[start + 1], image.pixels[start + 2]).0
      target[position] = table[Int(level)]
    }
  }

  /// ITU-R 601 luma three times, as Pillow's `convert("L")`.
  @inline(__always)
  private static func grey(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> (UInt8, UInt8, UInt8) {
    let sum = UInt32(red) * 19595 + UInt32(green) * 38470 + UInt32(blue) * 7471
    let level = UInt8(truncatingIfNeeded: (sum + 0x8000) >> 16)
    return (level, level, level)
  }
}
