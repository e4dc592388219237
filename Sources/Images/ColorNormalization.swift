/// How levels become a network's numbers: each colour on 0…1, less a mean, over a standard deviation.
public struct ColorNormalization: Hashable, Sendable {
  /// Mean of red, green and blue.
  public let mean: [Float]
  /// What red, green and blue are divided by then.
  public let standardDeviation: [Float]
  /// The number of each level: 256 for red, then green, then blue.
  private let table: [Float]

  /// What networks for ImageNet, and here also for other photographs, are trained with.
  public static let imageNet = ColorNormalization(
    validMean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])

  /// A normalisation of three colours.
  /// - Throws: `ImageError.unusableNormalization`.
  public init(mean: [Float], standardDeviation: [Float]) throws(ImageError) {
    try Self.check(mean: mean, standardDeviation: standardDeviation)
    self.init(validMean: mean, standardDeviation: standardDeviation)
  }

  /// What every way to give these numbers asks of them.
  /// - Throws: `ImageError.unusableNormalization` for other than three finite numbers each, and for a deviation that is
  ///   not above 0: none can be negative, and a division by nearly nothing has no result.
  public static func check(mean: [Float], standardDeviation: [Float]) throws(ImageError) {
    guard mean.count == 3, mean.allSatisfy(\.isFinite) else {
      throw .unusableNormalization(part: "mean", values: mean)
    }
    guard standardDeviation.count == 3, standardDeviation.allSatisfy({ $0.isFinite && $0 > 1e-6 }) else {
      throw .unusableNormalization(part: "standard deviation", values: standardDeviation)
    }
  }

  private init(validMean mean: [Float], standardDeviation: [Float]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    table = (0..<3).flatMap { c in (0..<256).map { (Float($0) / 255 - mean[c]) / standardDeviation[c] } }
  }

  /// Writes the numbers of a picture, [H, W, 3], to where `target` begins.
  public func write(_ image: Image, to target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count >= image.pixels.count, "no room for the picture")
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
}
