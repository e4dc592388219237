/// A picture and where its object is marked.
public struct LocalisationInput: Hashable, Sendable {
  /// How the object is marked.
  public enum Marking: Hashable, Sendable {
    /// The path of a picture of the same size whose bright pixels are the object.
    case maskFile(String)
    /// A box in the picture's pixels.
    case box(Box)
  }

  /// The picture's path.
  public let path: String
  /// Its object.
  public let marking: Marking

  /// A picture and its marking.
  public init(path: String, marking: Marking) {
    self.path = path
    self.marking = marking
  }

  /// The object in the picture of this path, once the picture is known.
  /// - Throws: `LocalisationError`, and what reading a mask file throws.
  func object(in image: Image, decoder: ImageDecoder) throws -> MarkedObject {
    switch marking {
    case .maskFile(let path):
      let picture = try decoder.decode(contentsOf: path).image
      guard picture.width == image.width, picture.height == image.height else {
        throw LocalisationError.sizesDiffer(
          mask: path, size: [picture.width, picture.height], imageSize: [image.width, image.height])
      }
      let mask = Mask(brightPixelsOf: picture)
      guard mask.values.contains(true) else { throw LocalisationError.emptyMask(path: path) }
      return MarkedObject(mask: mask)
    case .box(let box):
      let whole = Box(x0: 0, y0: 0, x1: image.width, y1: image.height)
      guard box.intersection(whole) == box else {
        throw LocalisationError.boxOutside(image: path, box: box, imageSize: [image.width, image.height])
      }
      return MarkedObject(box: box, width: image.width, height: image.height)
    }
  }
}
