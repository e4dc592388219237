/// How levels become a network's numbers: each colour, or the grey level, on 0…1, less a mean, over a standard deviation.
public struct ColorNormalization: Hashable, Sendable {
  /// Mean of red, green and blue, or of grey levels.
  public let mean: [Float]
  /// What they are divided by then.
  public let standardDeviation: [Float]
  /// The number of each level: 256 for red, then green, then blue; or 256 in all.
  private let table: [Float]

  /// What networks for ImageNet, and here also for other photographs, are trained with.
  public static let imageNet = ColorNormalization(
    validMean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])

  /// Channels that it makes: 3, or 1 of grey levels.
  public var channels: Int { mean.count }

  /// A normalisation of three colours, or of grey levels.
  /// - Throws: `ImageError.unusableNormalization`.
  public init(mean: [Float], standardDeviation: [Float]) throws(ImageError) {
    try Self.check(mean: mean, standardDeviation: standardDeviation)
    self.init(validMean: mean, standardDeviation: standardDeviation)
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

  private init(validMean mean: [Float], standardDeviation: [Float]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    table = mean.indices.flatMap { c in (0..<256).map { (Float($0) / 255 - mean[c]) / standardDeviation[c] } }
  }

  /// Writes the numbers of a picture, [H, W, channels], to where `target` begins.
  public func write(_ image: Image, to target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count >= image.pixels.count / 3 * channels, "no room for the picture")
    guard channels == 3 else { return writeGray(image, to: target) }
    image.pixels.withUnsafeBufferPointer { pixels in
      table.withUnsafeBufferPointer { table in
        var position = 0
        while position < pixels.count {
          target[position] = table[Int(pixels[position])]
          target[position &+ 1] = table[256 &+ Int(pixels[position &+ 1])]
          target[position &+ 2] = table[512 &+ Int(pixels[position &+ 2])]
          position &+= 3
        }
      }
    }
  }

  /// Grey levels are Pillow's: (19595 R + 38470 G + 7471 B + 32768) / 65536, ITU-R BT.601's weights.
  private func writeGray(_ image: Image, to target: UnsafeMutableBufferPointer<Float>) {
    for position in 0..<image.pixels.count / 3 {
      let (red, green, blue) = (
        Int(image.pixels[3 * position]), Int(image.pixels[3 * position + 1]),
        Int(image.pixels[3 * position + 2])
      )
      target[position] = table[(19595 * red + 38470 * green + 7471 * blue + 32768) >> 16]
    }
  }
}
