import Images
import Tensors

/// How a photograph becomes a network's input: recorded with the model, so that nobody has to guess.
public struct Preprocessing: Codable, Hashable, Sendable {
  /// What happens to a photograph whose shape is not the network's.
  public typealias Fit = PictureFit.Kind

  /// Side in pixels that `fit` works towards.
  public var size: Int
  /// What happens to other shapes.
  public var fit: Fit
  /// Mean of each colour (red, green, blue) on the scale 0…1, which is taken off; one number for a network of grey levels.
  public var mean: [Float]
  /// What each colour is divided by then.
  public var standardDeviation: [Float]
  /// With `fit` crop, what the short side becomes before the crop; nil for `size · 256 / 224`.
  public var resize: Int?
  /// How photographs are resampled; nil for bilinear.
  public var interpolation: Interpolation?
  /// In which order the network reads colours; nil for red, green, blue.
  public var colors: ColorOrder?

  /// Preprocessing with ImageNet's mean and standard deviation unless given.
  public init(
    size: Int, fit: Fit = .short, mean: [Float] = ColorNormalization.imageNet.mean,
    standardDeviation: [Float] = ColorNormalization.imageNet.standardDeviation
  ) {
    self.size = size
    self.fit = fit
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Channels that photographs are given: 3, or 1 for grey levels.
  public var channels: Int { mean.count }

  /// False for what cannot be applied.
  public var isUsable: Bool { mistake == nil }

  /// What cannot be applied, and why: a size out of range, neither three colours nor grey levels, a division by zero, or a mean or
  /// deviation that no levels on 0…1 have.
  public var mistake: (part: Part, reason: String)? {
    guard PictureFit.sizes.contains(size) else { return (.size, "must be from 1 to 8192, not \(size)") }
    if let resize {
      guard fit == .crop else { return (.resize, "belongs to a centre crop (--crop)") }
      guard PictureFit.sizes.contains(resize), resize >= size else {
        return (.resize, "must be from the crop's \(size) to 8192, not \(resize)")
      }
    }
    guard mean.count == 3 || mean.count == 1, mean.allSatisfy(\.isFinite) else {
      return (.mean, "must be three finite numbers, for red, green and blue")
    }
    guard mean.allSatisfy({ (0...1).contains($0) }) else {
      return (.mean, "must be on 0…1, not \(Self.list(mean))" + hint(mean))
    }
    guard standardDeviation.count == mean.count, standardDeviation.allSatisfy(\.isFinite) else {
      return (
        .standardDeviation,
        mean.count == 3
          ? "must be three finite numbers, for red, green and blue"
          : "must be one finite number, as the mean is"
      )
    }
    guard standardDeviation.allSatisfy({ $0 > 1e-6 && $0 <= 1 }) else {
      let reason = "must be above 0 and at most 1, not \(Self.list(standardDeviation))"
      return (.standardDeviation, reason + hint(standardDeviation))
    }
    return nil
  }

  /// How photographs are brought to the size.
  public var pictureFit: PictureFit {
    PictureFit(
      size: size, kind: fit, resize: resize, interpolation: interpolation ?? .bilinear)
  }

  /// How their levels become numbers.
  /// - Throws: `ImageError.unusableNormalization`.
  public func normalization() throws(ImageError) -> ColorNormalization {
    try ColorNormalization(mean: mean, standardDeviation: standardDeviation, order: colors ?? .rgb)
  }

  /// A part that a user says.
  public enum Part: Sendable {
    /// Its raw numbers.
    case size, mean, standardDeviation, resize
  }

  /// What numbers for levels of 0…255 would be here.
  private func hint(_ values: [Float]) -> String {
    guard values.contains(where: { $0 > 1 }), values.allSatisfy({ (0...255).contains($0) }) else { return "" }
    return "; for levels of 0…255 divide by 255: "
      + Self.list(values.map { ($0 / 255 * 10_000).rounded() / 10_000 })
  }

  private static func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ",") }

  /// The part of a photograph that the network sees, in the photograph's pixels.
  public func region(of image: Image) -> Box { pictureFit.region(of: image) }

  /// Whether a photograph is so long that `fitted` changes its shape.
  public func squeezes(_ image: Image) -> Bool { pictureFit.squeezes(image) }

  /// The photograph at the network's size, still in 8 bits.
  public func fitted(_ image: Image) -> Image { pictureFit.fitted(image) }

  /// A fitted photograph as [1, H, W, channels]: each colour, or the grey level, on 0…1, less its mean, over its
  /// standard deviation.
  public func tensor(of fitted: Image) -> Tensor {
    guard let normalization = try? normalization() else {
      preconditionFailure("preprocessing was checked when it was read")
    }
    return Tensor(shape: [1, fitted.height, fitted.width, channels]) { normalization.write(fitted, to: $0) }
  }
}
