/// How a picture of any shape is brought to a network's size. Training, evaluation and heatmaps do it all by this, resized
/// as torchvision does (Pillow's antialiased filters); memory is bounded by the result.
public struct PictureFit: Hashable, Sendable {
  /// What happens to a picture whose shape is not the network's.
  public enum Kind: String, Codable, CaseIterable, Hashable, Sendable {
    /// The short side becomes `size`, the long one follows: the whole photograph at its own shape.
    case short
    /// Both sides become `size`: the whole photograph, distorted.
    case square
    /// The short side becomes `resize`, or `size · 256 / 224`, then the middle `size` × `size` is cut out: what ImageNet
    /// networks are scored with.
    case crop
    /// The photograph as it is.
    case none
  }

  /// Side in pixels that `kind` works towards.
  public var size: Int
  /// What happens to other shapes.
  public var kind: Kind

  /// With `crop`, what the short side becomes before; nil for `size · 256 / 224`.
  public var resize: Int?
  /// How pixels are resampled.
  public var interpolation: Interpolation

  /// A way to a size.
  public init(
    size: Int, kind: Kind, resize: Int? = nil, interpolation: Interpolation = .bilinear
  ) {
    self.size = size
    self.kind = kind
    self.resize = resize
    self.interpolation = interpolation
  }

  /// The sides that a picture may be brought to.
  public static let sizes = 1...8192

  /// With `short`, the long side is at most this many times the short one; a longer photograph is squeezed, so that a
  /// panorama cannot ask for unbounded memory.
  public static let largestAspect = 8

  /// The picture at the network's size.
  public func fitted(_ image: Image) -> Image {
    switch kind {
    case .none: return image
    case .crop: return image.resized(shortSide: resizedShortSide, centerCrop: size, by: interpolation)
    case .square, .short:
      let size = fittedSize(width: image.width, height: image.height)
      return image.resized(width: size.width, height: size.height, by: interpolation)
    }
  }

  /// The size that `fitted` brings a picture to.
  public func fittedSize(width: Int, height: Int) -> (width: Int, height: Int) {
    switch kind {
    case .none: return (width, height)
    case .square, .crop: return (size, size)
    case .short:
      let (short, long) = (min(width, height), max(width, height))
      let other = size * min(long, short * Self.largestAspect) / short
      return width > height ? (other, size) : (size, other)
    }
  }

  /// Whether a picture is so long that `fitted` changes its shape although the whole of it is shown at its own.
  public func squeezes(_ image: Image) -> Bool {
    kind == .short && max(image.width, image.height) > min(image.width, image.height) * Self.largestAspect
  }

  /// The part of a picture that the result shows, in the picture's pixels.
  public func region(of image: Image) -> Box {
    guard kind == .crop else { return Box(x0: 0, y0: 0, x1: image.width, y1: image.height) }
    let (short, long) = (min(image.width, image.height), max(image.width, image.height))
    let resizedLong = resizedShortSide * long / short
    /// One axis: where the crop begins and ends in the resized picture, brought back to the picture's pixels.
    func span(_ length: Int, _ resized: Int) -> (Int, Int) {
      let start = (Double(resized - size) / 2).rounded(.toNearestOrEven)
      let scale = Double(length) / Double(resized)
      // Of a picture that is much enlarged, what is seen may be less than a pixel.
      let low = min(length - 1, max(0, Int((start * scale).rounded())))
      return (low, max(low + 1, min(length, Int(((start + Double(size)) * scale).rounded()))))
    }
    let (across, along) = (span(short, resizedShortSide), span(long, resizedLong))
    let (x, y) = image.width >= image.height ? (along, across) : (across, along)
    return Box(x0: x.0, y0: y.0, x1: x.1, y1: y.1)
  }

  private var resizedShortSide: Int { resize ?? size * 256 / 224 }
}
