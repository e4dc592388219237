/// What can be wrong with pictures whose objects are marked, or with a folder of their scores.
public enum LocalisationError: Error, Hashable, Sendable {
  /// No file in the folder is a picture.
  case noImages(folder: String)
  /// All pictures in the folder are in that of the masks, too.
  case onlyMasks(images: String, masks: String)
  /// The folder of masks holds the photographs only.
  case onlyPhotographs(masks: String)
  /// No picture has a mask.
  case noPairs(images: String, masks: String)
  /// The picture has no mask.
  case noMask(image: String)
  /// The mask has no picture.
  case noImage(mask: String)
  /// It cannot be told which mask is that of the picture.
  case ambiguous(image: String)
  /// Nothing is marked.
  case emptyMask(path: String, values: String, reading: String)
  /// The mask is not that of the picture; sizes are [width, height].
  case sizesDiffer(mask: String, size: [Int], imageSize: [Int])
  /// The box is not that of the picture, whose size is [width, height].
  case boxOutside(image: String, box: Box, imageSize: [Int])
  /// A part is not marked on the picture, whose size is [width, height].
  case partOutside(image: String, part: PicturePoint, imageSize: [Int])
  /// Nothing is marked in the picture.
  case noObject(image: String)
  /// What is marked is no region of the picture.
  case noRegion(image: String)
  /// CUB-200-2011 without its masks, which are published apart.
  case noSegmentations(folder: String)
  /// The picture has no box.
  case noBox(image: String)
  /// A split has no pictures.
  case noPictures(folder: String, split: String)
  /// The folder holds scores of a run that did not end.
  case unfinished(folder: String)
  /// The unfinished run was begun with other pictures, weights or options.
  case changed(folder: String)
  /// Another process is at work in the folder.
  case inUse(folder: String)
  /// What is written about the unfinished run cannot be used.
  case damagedState(folder: String)
  /// A table of scores does not hold what was written.
  case damagedTable(path: String, line: Int)

  static let emptyKind = "with an empty mask"

  /// What it is counted as.
  var kind: String {
    switch self {
    case .noMask: "without mask"
    case .noBox: "without box"
    case .noObject: "without an object"
    case .noImage: "masks without picture"
    case .emptyMask: Self.emptyKind
    default: "unusable"
    }
  }
}

extension LocalisationError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .noImages(let folder): "\(folder): holds no pictures"
    case .onlyMasks(let images, let masks):
      "\(images): has no picture that is not taken as a mask, because \(masks) is the folder of masks"
    case .onlyPhotographs(let masks): "\(masks): holds no masks, only the photographs themselves"
    case .noPairs(let images, let masks): "no picture in \(images) has a mask of its name in \(masks)"
    case .noMask(let image): "\(image): has no mask of its name"
    case .noImage(let mask): "\(mask): has no picture of its name"
    case .ambiguous(let image):
      "\(image): has its name in common with other pictures or masks; "
        + "make names differ, or put mask and picture into subfolders of the same name"
    case .emptyMask(let path, let values, let reading):
      "\(path): is an empty mask: its values are \(values), and the object is \(reading); "
        + "--mask-value or --mask-threshold says otherwise"
    case .sizesDiffer(let mask, let size, let imageSize):
      "\(mask): is \(size[0]) × \(size[1]), but its picture \(imageSize[0]) × \(imageSize[1])"
    case .boxOutside(let image, let box, let size):
      "\(image): its box \(box.x0) \(box.y0) \(box.x1) \(box.y1) reaches outside of its "
        + "\(size[0]) × \(size[1]) pixels"
    case .partOutside(let image, let part, let size):
      "\(image): its part at (\(part.x), \(part.y)) lies outside of its \(size[0]) × \(size[1]) pixels"
    case .noObject(let image): "\(image): has no object in the annotations"
    case .noRegion(let image):
      "\(image): is annotated with an outline that is none of a picture of its size"
    case .noSegmentations(let folder):
      "\(folder): no such folder of masks; unpack segmentations.tgz there, name it with --segmentations, "
        + "or score by boxes with --objects boxes"
    case .noBox(let image): "\(image): has no line in bounding_boxes.txt"
    case .noPictures(let folder, let split): "\(folder): its split \(split) has no pictures"
    case .unfinished(let folder):
      "\(folder): holds an unfinished run (--resume continues it, --force begins anew)"
    case .changed(let folder):
      "\(folder): the run in it was begun with other pictures, weights or options "
        + "(--force begins anew)"
    case .inUse(let folder): "\(folder): another process is at work on the run in it"
    case .damagedState(let folder):
      "\(folder): the unfinished run in it cannot be continued: its files do not fit each other "
        + "(--force begins anew)"
    case .damagedTable(let path, let line): "\(path): line \(line): is not a line of scores of this run"
    }
  }
}
