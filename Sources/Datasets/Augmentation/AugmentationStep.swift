import Images
import Tensors

/// One thing that is done to a picture, by torchvision's rules for PIL pictures unless it says otherwise.
public enum AugmentationStep: Hashable, Sendable {
  /// A random part of the picture at a size of its own: torchvision's `RandomResizedCrop`.
  case randomResizedCrop(RandomResizedCrop)
  /// Black around the picture, then a random part: torchvision's `RandomCrop` with `padding`.
  case padAndCrop(PadAndCrop)
  /// Left becomes right, sometimes: torchvision's `RandomHorizontalFlip`.
  case horizontalFlip(HorizontalFlip)
  /// Other brightness, contrast, saturation and hue, in random order: torchvision's `ColorJitter`.
  case colorJitter(ColorJitter)
  /// The short side at a length, the long one in proportion: torchvision's `Resize(size)`. A picture that is more than
  /// `PictureFit.largestAspect` times as long as it is wide is squeezed to that, unless `centerCrop` comes next.
  case resizeShortSide(size: Int)
  /// Both sides at a length: torchvision's `Resize((size, size))`.
  case resizeSquare(size: Int)
  /// The middle of the picture: torchvision's `CenterCrop(size)`.
  case centerCrop(size: Int)

  /// - Parameter view: what was left of the picture before; becomes what is left of it.
  func applied(to image: Image, view: inout PictureView, using generator: inout SeededGenerator) -> Image {
    switch self {
    case .randomResizedCrop(let crop):
      let box = crop.box(width: image.width, height: image.height, using: &generator)
      view.crop(box, width: image.width, height: image.height)
      return crop.resized(image, from: box)
    case .padAndCrop(let crop):
      let box = crop.box(width: image.width, height: image.height, using: &generator)
      view.crop(box, width: image.width, height: image.height)
      return image.cropped(to: box)
    case .horizontalFlip(let flip):
      guard flip.isDrawn(&generator) else { return image }
      view.mirror()
      return image.mirrored
    case .colorJitter(let jitter): return jitter.applied(to: image, using: &generator)
    case .resizeShortSide(let size): return PictureFit(size: size, kind: .short).fitted(image)
    case .resizeSquare(let size): return PictureFit(size: size, kind: .square).fitted(image)
    case .centerCrop(let size):
      let box = Image.centerBox(of: (image.width, image.height), width: size, height: size)
      view.crop(box, width: image.width, height: image.height)
      return image.cropped(to: box)
    }
  }

  func validate() throws(DatasetError) {
    switch self {
    case .randomResizedCrop(let crop): try crop.validate()
    case .padAndCrop(let crop): try crop.validate()
    case .horizontalFlip(let flip): try flip.validate()
    case .colorJitter(let jitter): try jitter.validate()
    case .resizeShortSide(let size), .resizeSquare(let size), .centerCrop(let size):
      try DatasetError.require(size, in: Self.sizes, "size")
    }
  }

  /// Sides that a picture may be brought to.
  static let sizes = PictureFit.sizes
}

extension DatasetError {
  /// Throws unless a setting is in its range.
  static func require<T: Comparable>(_ value: T, in range: ClosedRange<T>, _ name: String)
    throws(DatasetError)
  {
    guard range.contains(value) else {
      throw .setting(
        name: name, value: "\(value)", needed: "from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// Throws unless both ends of a setting are in its range and in order.
  static func require(_ ends: [Double], in range: ClosedRange<Double>, _ name: String) throws(DatasetError) {
    guard ends.count == 2, ends[0] <= ends[1], ends.allSatisfy(range.contains) else {
      throw .setting(
        name: name, value: "\(ends)",
        needed: "two numbers from \(range.lowerBound) to \(range.upperBound), the smaller first")
    }
  }
}
