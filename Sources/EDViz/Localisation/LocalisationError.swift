/// What can be wrong with pictures whose objects are marked.
public enum LocalisationError: Error, Hashable, Sendable {
  /// No file in the folder is a picture.
  case noImages(folder: String)
  /// No picture has a mask.
  case noPairs(images: String, masks: String)
  /// The picture has no mask.
  case noMask(image: String)
  /// The mask has no picture.
  case noImage(mask: String)
  /// It cannot be told which mask is that of the picture.
  case ambiguous(image: String)
  /// Nothing is marked.
  case emptyMask(path: String)
  /// The mask is not that of the picture; sizes are [width, height].
  case sizesDiffer(mask: String, size: [Int], imageSize: [Int])
  /// The box is not that of the picture, whose size is [width, height].
  case boxOutside(image: String, box: Box, imageSize: [Int])

  /// What it is counted as.
  var kind: String {
    switch self {
    case .noMask: "without mask"
    case .noImage: "masks without picture"
    case .emptyMask: "with an empty mask"
    default: "unusable"
    }
  }
}

extension LocalisationError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .noImages(let folder): "\(folder): holds no pictures (JPEG or PNG)"
    case .noPairs(let images, let masks): "no picture in \(images) has a mask of its name in \(masks)"
    case .noMask(let image): "\(image): has no mask of its name"
    case .noImage(let mask): "\(mask): has no picture of its name"
    case .ambiguous(let image):
      "\(image): has its name in common with other pictures or masks; "
        + "make names differ, or put mask and picture into subfolders of the same name"
    case .emptyMask(let path): "\(path): is an empty mask: no pixel is brighter than half"
    case .sizesDiffer(let mask, let size, let imageSize):
      "\(mask): is \(size[0]) × \(size[1]), but its picture \(imageSize[0]) × \(imageSize[1])"
    case .boxOutside(let image, let box, let size):
      "\(image): its box \(box.x0) \(box.y0) \(box.x1) \(box.y1) reaches outside of its "
        + "\(size[0]) × \(size[1]) pixels"
    }
  }
}
