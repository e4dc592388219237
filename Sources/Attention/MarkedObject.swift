import Images

/// A point of a picture in its own pixels; (0, 0) is the upper left corner of the first pixel.
public struct PicturePoint: Codable, Hashable, Sendable {
  /// From the left.
  public let x: Double
  /// From the top.
  public let y: Double

  /// A point.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// Where the object of a picture is, as someone marked it.
public struct MarkedObject: Hashable, Sendable {
  /// Its pixels; where only a box was marked, all in the box. As large as the picture.
  public let mask: Mask
  /// Pixels of which nobody said whether they are the object's, left out of every score; nil if there are none.
  public let ignored: Mask?
  /// The box that was marked, else the one around its pixels; none if there are no pixels.
  public let box: Box?
  /// Its visible parts (an eye, a wing); none were marked if nil.
  public let parts: [PicturePoint]?

  /// An object whose pixels were marked, perhaps with a box of its own. A pixel that is ignored is none of the object's.
  public init(mask: Mask, ignored: Mask? = nil, box: Box? = nil, parts: [PicturePoint]? = nil) {
    self.ignored = ignored.flatMap { $0.values.contains(true) ? $0 : nil }
    self.mask = mask.subtracting(self.ignored)
    self.box = box ?? self.mask.boundingBox
    self.parts = parts
  }

  /// An object of which a box was marked, in a picture of `width` × `height`.
  public init(box: Box, width: Int, height: Int, parts: [PicturePoint]? = nil) {
    self.init(boxes: [box], width: width, height: height, parts: parts)
  }

  /// An object of which several boxes were marked: all pixels in any of them, and the box around all.
  /// - Parameter ignoredBoxes: what is left out of every score, where no box of the object lies.
  public init(
    boxes: [Box], ignoredBoxes: [Box] = [], width: Int, height: Int, parts: [PicturePoint]? = nil
  ) {
    var mask = Mask(width: width, height: height, values: [Bool](repeating: false, count: width * height))
    var ignored = mask
    for box in boxes { mask.fill(box) }
    for box in ignoredBoxes { ignored.fill(box) }
    self.init(
      mask: mask, ignored: ignoredBoxes.isEmpty ? nil : ignored.subtracting(mask),
      box: boxes.count == 1 ? boxes[0] : mask.boundingBox, parts: parts)
  }
}
