import Images
import Tensors

/// How a photograph becomes a network's input: recorded with the model, so that nobody has to guess.
public struct Preprocessing: Codable, Hashable, Sendable {
  /// What happens to a photograph whose shape is not the network's.
  public enum Fit: String, Codable, CaseIterable, Hashable, Sendable {
    /// The short side becomes `size`, the long one follows: the whole photograph at its own shape.
    case short
    /// Both sides become `size`: the whole photograph, distorted.
    case square
    /// The short side becomes `size · 256 / 224`, then the middle `size` × `size` is cut out: what ImageNet
    /// networks are scored with.
    case crop
    /// The photograph as it is.
    case none
  }

  /// Side in pixels that `fit` works towards.
  public var size: Int
  /// What happens to other shapes.
  public var fit: Fit
  /// Mean of each colour (red, green, blue) on the scale 0…1, which is taken off.
  public var mean: [Float]
  /// What each colour is divided by then.
  public var standardDeviation: [Float]

  /// Preprocessing with ImageNet's mean and standard deviation unless given.
  public init(
    size: Int, fit: Fit = .short, mean: [Float] = [0.485, 0.456, 0.406],
    standardDeviation: [Float] = [0.229, 0.224, 0.225]
  ) {
    self.size = size
    self.fit = fit
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// The long side is at most this many times the short one; a longer photograph is squeezed, so that a panorama
  /// cannot ask for unbounded memory.
  public static let largestAspect = 8

  /// False for what cannot be applied.
  public var isUsable: Bool { mistake == nil }

  /// What cannot be applied, and why: a size out of range, not three colours, a division by zero, or a mean or
  /// deviation that no levels on 0…1 have.
  public var mistake: (part: Part, reason: String)? {
    guard (1...8192).contains(size) else { return (.size, "must be from 1 to 8192, not \(size)") }
    guard mean.count == 3, mean.allSatisfy(\.isFinite) else {
      return (.mean, "must be three finite numbers, for red, green and blue")
    }
    guard mean.allSatisfy({ (0...1).contains($0) }) else {
      return (.mean, "must be on 0…1, not \(Self.list(mean))" + hint(mean))
    }
    guard standardDeviation.count == 3, standardDeviation.allSatisfy(\.isFinite) else {
      return (.standardDeviation, "must be three finite numbers, for red, green and blue")
    }
    guard standardDeviation.allSatisfy({ $0 > 1e-6 && $0 <= 1 }) else {
      let reason = "must be above 0 and at most 1, not \(Self.list(standardDeviation))"
      return (.standardDeviation, reason + hint(standardDeviation))
    }
    return nil
  }

  /// A part that a user says.
  public enum Part: Sendable {
    /// Its raw numbers.
    case size, mean, standardDeviation
  }

  /// What numbers for levels of 0…255 would be here.
  private func hint(_ values: [Float]) -> String {
    guard values.contains(where: { $0 > 1 }), values.allSatisfy({ (0...255).contains($0) }) else { return "" }
    return "; for levels of 0…255 divide by 255: "
      + Self.list(values.map { ($0 / 255 * 10_000).rounded() / 10_000 })
  }

  private static func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ",") }

  /// The part of a photograph that the network sees, in the photograph's pixels.
  public func region(of image: Image) -> Box {
    guard fit == .crop else { return Box(x0: 0, y0: 0, x1: image.width, y1: image.height) }
    let (short, long) = (min(image.width, image.height), max(image.width, image.height))
    let shown = min(long, short * Self.largestAspect)
    let resizedLong = resizedShortSide * shown / short
    /// One axis: where the crop begins and ends in the resized picture, brought back to the photograph's pixels.
    func span(_ length: Int, _ cut: Int, _ resized: Int) -> (Int, Int) {
      let start = (Double(resized - size) / 2).rounded(.toNearestOrEven)
      let scale = Double(length) / Double(resized)
      let offset = Double(cut - length) / 2
      let (low, high) = (offset + start * scale, offset + (start + Double(size)) * scale)
      return (max(0, Int(low.rounded())), min(cut, Int(high.rounded())))
    }
    let isWide = image.width >= image.height
    let (x0, x1) = isWide ? span(shown, long, resizedLong) : span(short, short, resizedShortSide)
    let (y0, y1) = isWide ? span(short, short, resizedShortSide) : span(shown, long, resizedLong)
    return Box(x0: x0, y0: y0, x1: x1, y1: y1)
  }

  /// Whether a photograph is so long that `fitted` changes its shape.
  public func squeezes(_ image: Image) -> Bool {
    fit == .short && max(image.width, image.height) > min(image.width, image.height) * Self.largestAspect
  }

  private var resizedShortSide: Int { size * 256 / 224 }

  /// The photograph at the network's size, still in 8 bits, resized as torchvision does (Pillow's antialiased
  /// bilinear filter).
  public func fitted(_ image: Image) -> Image {
    switch fit {
    case .none: return image
    case .square: return image.resized(width: size, height: size)
    case .crop:
      return trimmed(image).resized(shortSide: resizedShortSide).centerCropped(width: size, height: size)
    case .short:
      let (short, long) = (min(image.width, image.height), max(image.width, image.height))
      guard long > short * Self.largestAspect else { return image.resized(shortSide: size) }
      let squeezed = size * Self.largestAspect
      return image.width > image.height
        ? image.resized(width: squeezed, height: size) : image.resized(width: size, height: squeezed)
    }
  }

  /// The middle of a photograph that is longer than `largestAspect`: its ends would be cut off anyway.
  private func trimmed(_ image: Image) -> Image {
    let longest = min(image.width, image.height) * Self.largestAspect
    guard max(image.width, image.height) > longest else { return image }
    return image.centerCropped(width: min(image.width, longest), height: min(image.height, longest))
  }

  /// A fitted photograph as [1, H, W, 3]: each colour on 0…1, less its mean, over its standard deviation.
  public func tensor(of fitted: Image) -> Tensor {
    precondition(isUsable, "preprocessing was checked when it was read")
    let table = (0..<3).map { c in
      (0..<256).map { (Float($0) / 255 - mean[c]) / standardDeviation[c] }
    }
    return Tensor(shape: [1, fitted.height, fitted.width, 3]) { target in
      fitted.pixels.withUnsafeBufferPointer { pixels in
        for i in 0..<pixels.count { target[i] = table[i % 3][Int(pixels[i])] }
      }
    }
  }
}
