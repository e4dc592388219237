import Images
import Tensors

/// What happens to each picture before it is a network's input: random for training, fixed for evaluation.
///
/// In a recipe it is a list of steps, each a name or a name with its settings:
///
///     - padAndCrop: {padding: 4}
///     - horizontalFlip
public struct Augmentation: Codable, Hashable, Sendable {
  /// The steps in the order in which they are done.
  public var steps: [AugmentationStep]

  /// Steps in order; none leave pictures as they are.
  public init(_ steps: [AugmentationStep] = []) { self.steps = steps }

  /// Reads a list of steps.
  /// - Throws: `DecodingError` with a sentence for unknown steps, unknown settings and settings out of range.
  public init(from decoder: any Decoder) throws {
    steps = try decoder.singleValueContainer().decode([AugmentationStep].self)
    do { try validate() } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: "\(error)", underlyingError: error))
    }
  }

  /// Writes a list of steps.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(steps)
  }

  /// Makes sure that every setting is in its range.
  public func validate() throws(DatasetError) {
    for step in steps { try step.validate() }
  }

  /// The picture after all steps, with numbers from `generator`.
  public func applied(to image: Image, using generator: inout SeededGenerator) -> Image {
    var view = PictureView()
    return applied(to: image, view: &view, using: &generator)
  }

  /// The same; `view` becomes the part of the picture that is left.
  func applied(to image: Image, view: inout PictureView, using generator: inout SeededGenerator) -> Image {
    var image = image
    var rest = steps[...]
    while let step = rest.popFirst() {
      if case .resizeShortSide(let size) = step, case .centerCrop(let side)? = rest.first {
        // Together, so that what is cut off is never made.
        let long = size * max(image.width, image.height) / min(image.width, image.height)
        let whole = image.width > image.height ? (width: long, height: size) : (width: size, height: long)
        view.crop(
          Image.centerBox(of: whole, width: side, height: side), width: whole.width, height: whole.height)
        image = image.resized(shortSide: size, centerCrop: side)
        rest.removeFirst()
      } else {
        image = step.applied(to: image, view: &view, using: &generator)
      }
    }
    return image
  }
}
