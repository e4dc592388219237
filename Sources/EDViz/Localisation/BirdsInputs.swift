/// The pictures of CUB-200-2011 with what is marked in them.
public struct BirdsInputs {
  /// What counts as the object.
  public enum Objects: String, CaseIterable, Sendable {
    /// The pixels in `segmentations/`: the votes of annotators in grey, of which more than half make the object.
    case masks
    /// The boxes of `bounding_boxes.txt`; as a mask, the filled box.
    case boxes
  }

  /// The pictures, in the order of `images.txt`.
  public private(set) var inputs: [LocalisationInput] = []
  /// What cannot be used.
  public private(set) var problems: [(path: String, error: any Error)] = []
  /// The names of the classes.
  public let classes: [String]

  /// Reads the tables; no picture is looked at.
  /// - Parameters:
  ///   - split: nil means all pictures.
  ///   - segmentations: the folder of masks, unless it is the one in `root` or beside it.
  /// - Throws: `DatasetError`, `LocalisationError.noSegmentations`, `.noPictures`.
  public init(root: String, split: DatasetSplit?, objects: Objects, segmentations: String? = nil) throws {
    let folder = try BirdsFolder(path: root, marks: true)
    classes = folder.classes
    problems = folder.problems.map { (folder.path, $0) }
    let masks = segmentations ?? Self.segmentations(folder.path)
    if objects == .masks, Folders.kind(of: masks) != .folder {
      throw LocalisationError.noSegmentations(folder: masks)
    }
    let pictures = folder.pictures(of: split)
    guard !pictures.isEmpty else {
      throw LocalisationError.noPictures(folder: folder.path, split: split?.rawValue ?? "all")
    }
    for picture in pictures {
      let path = "\(folder.path)/images/\(picture.name)"
      let box = picture.box.map(Self.box)
      var input: LocalisationInput
      switch objects {
      case .masks:
        let name = "\(Paths.folder(of: picture.name))/\(Paths.stem(of: picture.name)).png"
        let mask = "\(masks)/\(name)"
        guard Folders.kind(of: mask) != nil else {
          problems.append((path, LocalisationError.noMask(image: path)))
          continue
        }
        input = LocalisationInput(path: path, marking: .maskFile(mask))
        input.besideBox = box
        input.reading = .votes
      case .boxes:
        guard let box else {
          problems.append((path, LocalisationError.noBox(image: path)))
          continue
        }
        input = LocalisationInput(path: path, marking: .boxes([box]))
        input.clipsBox = true
      }
      input.parts = picture.visibleParts?.map { PicturePoint(x: $0.x, y: $0.y) }
      input.label = picture.label
      inputs.append(input)
    }
    if inputs.isEmpty, objects == .masks {
      throw LocalisationError.noPairs(images: folder.path + "/images", masks: masks)
    }
  }

  /// The archive of masks unpacks beside the pictures' folder if that is where it lies.
  private static func segmentations(_ folder: String) -> String {
    let inside = folder + "/segmentations"
    let beside = Paths.resolved("segmentations", in: Paths.folder(of: folder))
    return Folders.kind(of: inside) == nil && Folders.kind(of: beside) == .folder ? beside : inside
  }

  /// Left, top, width and height, to the nearest edges of pixels.
  private static func box(_ numbers: [Double]) -> Box {
    func pixel(_ value: Double) -> Int { Int(value.rounded()) }
    return Box(
      x0: pixel(numbers[0]), y0: pixel(numbers[1]), x1: pixel(numbers[0] + numbers[2]),
      y1: pixel(numbers[1] + numbers[3]))
  }
}
