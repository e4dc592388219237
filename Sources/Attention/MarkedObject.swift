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
  /// The box that was marked, else the one around its pixels; none if there are no pixels.
  public let box: Box?
  /// Its visible parts (an eye, a wing); none were marked if nil.
  public let parts: [PicturePoint]?

  /// An object whose pixels were marked, perhaps with a box of its own.
  public init(mask: Mask, box: Box? = nil, parts: [PicturePoint]? = nil) {
    self.mask = mask
    self.box = box ?? mask.boundingBox
    self.parts = parts
  }

  /// An object of which a box was marked, in a picture of `width` × `height`.
  public init(box: Box, width: Int, height: Int, parts: [PicturePoint]? = nil) {
    self.init(boxes: [box], width: width, height: height, parts: parts)
  }

  /// An object of which several boxes were marked: all pixels in any of them, and the box around all.
  public init(boxes: [Box], width: Int, height: Int, parts: [PicturePoint]? = nil) {
    var mask = Mask(width: width, height: height, values: [Bool](repeating: false, count: width * height))
    for box in boxes { mask.fill(box) }
    self.init(mask: mask, box: boxes.count == 1 ? boxes[0] : mask.boundingBox, parts: parts)
  }
}
