/// A picture and where its object is marked.
public struct LocalisationInput: Hashable, Sendable {
  /// How the object is marked.
  public enum Marking: Hashable, Sendable {
    /// The path of a picture of the same size that tells which pixels are the object's.
    case maskFile(String)
    /// Boxes in the picture's pixels, which together are the object.
    case boxes([Box])
    /// Regions of an annotation file, which together are the object, and others that are ignored.
    case regions([AnnotatedPicture.Region], ignored: [AnnotatedPicture.Region])
  }

  /// The picture's path.
  public let path: String
  /// Its object.
  public let marking: Marking
  /// How its mask file is read.
  public var reading = MaskReading()
  /// A box that was marked beside the mask; clipped to the picture.
  public var besideBox: Box?
  /// Whether boxes of `marking` are clipped to the picture rather than refused if one reaches outside.
  public var clipsBox = false
  /// Visible parts of the object, in the picture's pixels; nil if nobody marked any.
  public var parts: [PicturePoint]?
  /// Position of its class among the dataset's, if it has one.
  public var label: Int?

  /// A picture and its marking.
  public init(path: String, marking: Marking) {
    self.path = path
    self.marking = marking
  }

  /// The object in the picture of this path, once the picture is known.
  /// - Parameters:
  ///   - remark: is given what a reader should know of this picture alone.
  ///   - noteReading: is given what a reader should know of how this mask, like others perhaps, was read; without it,
  ///     `remark` is.
  /// - Throws: `LocalisationError`, and what reading a mask file throws.
  func object(
    in image: Image, decoder: ImageDecoder, remark: (String) -> Void = { _ in },
    noteReading: ((String) -> Void)? = nil
  ) throws -> MarkedObject {
    try check(parts ?? [], in: image)
    switch marking {
    case .maskFile(let file):
      let decoded = try decoder.decodeMask(contentsOf: file, reading: reading)
      let mask = decoded.mask
      guard mask.width == image.width, mask.height == image.height else {
        throw LocalisationError.sizesDiffer(
          mask: file, size: [mask.width, mask.height], imageSize: [image.width, image.height])
      }
      guard mask.values.contains(true) else {
        throw LocalisationError.emptyMask(path: file, values: decoded.found, reading: "\(reading)")
      }
      if let text = decoded.remark {
        if let noteReading { noteReading(text) } else { remark("\(file): \(text)") }
      }
      if !mask.values.contains(false) { remark("\(file): marks the whole picture") }
      return MarkedObject(
        mask: mask, ignored: decoded.ignored, box: try besideBox.map { try clipped($0, to: image) },
        parts: parts)
    case .boxes(let boxes):
      let inside = try boxes.map { box in
        let inside = try clipped(box, to: image)
        guard clipsBox || inside == box else { throw outside(box, image) }
        return inside
      }
      return MarkedObject(boxes: inside, width: image.width, height: image.height, parts: parts)
    case .regions(let regions, let ignored):
      guard !regions.isEmpty else { throw LocalisationError.noObject(image: path) }
      return MarkedObject(
        mask: try filled(regions, image),
        ignored: ignored.isEmpty ? nil : try filledIgnored(ignored, regions, image))
    }
  }

  /// The pixels of regions; boxes are clipped to the picture.
  private func filled(_ regions: [AnnotatedPicture.Region], _ image: Image) throws -> Mask {
    var mask = Mask(
      width: image.width, height: image.height,
      values: [Bool](repeating: false, count: image.width * image.height))
    for region in regions {
      switch region {
      case .box(let box): mask.fill(try clipped(box, to: image))
      case .polygons(let polygons):
        for polygon in polygons {
          guard mask.fill(polygon: polygon) else { throw LocalisationError.noRegion(image: path) }
        }
      case .runs(let runs, let width, let height):
        guard width == image.width, height == image.height, mask.fill(columnRuns: runs) else {
          throw LocalisationError.noRegion(image: path)
        }
      }
    }
    return mask
  }

  private func filledIgnored(
    _ ignored: [AnnotatedPicture.Region], _ regions: [AnnotatedPicture.Region], _ image: Image
  ) throws -> Mask {
    try filled(ignored, image).subtracting(try filled(regions, image))
  }

  private func clipped(_ box: Box, to image: Image) throws -> Box {
    let inside = box.intersection(Box(x0: 0, y0: 0, x1: image.width, y1: image.height))
    guard !inside.isEmpty else { throw outside(box, image) }
    return inside
  }

  /// Parts may be marked on the very edge.
  private func check(_ parts: [PicturePoint], in image: Image) throws(LocalisationError) {
    let (width, height) = (Double(image.width), Double(image.height))
    if let odd = parts.first(where: { !(0...width).contains($0.x) || !(0...height).contains($0.y) }) {
      throw .partOutside(image: path, part: odd, imageSize: [image.width, image.height])
    }
  }

  private func outside(_ box: Box, _ image: Image) -> LocalisationError {
    .boxOutside(image: path, box: box, imageSize: [image.width, image.height])
  }

  /// Everything that scores depend on and that is not in the files, as one line.
  var summary: String {
    "\(path)\t\(marking)\t\(reading)\t\(besideBox.map { "\($0)" } ?? "")\t\(parts.map { "\($0)" } ?? "")\t\(label ?? -1)"
  }
}
