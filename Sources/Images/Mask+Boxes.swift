extension Mask {
  /// A mask of a picture of `width` × `height` that is true inside a box; what reaches outside is left out.
  public init(filling box: Box, width: Int, height: Int) {
    self.init(width: width, height: height, values: [Bool](repeating: false, count: width * height))
    fill(box)
  }

  /// Makes the mask true inside a box; what reaches outside is left out.
  public mutating func fill(_ box: Box) {
    let inside = box.intersection(Box(x0: 0, y0: 0, x1: width, y1: height))
    var filled = values
    for y in inside.y0..<inside.y0 + inside.height {
      for x in inside.x0..<inside.x0 + inside.width { filled[y * width + x] = true }
    }
    values = filled
  }

  /// The mask of a part of a picture as one of the whole picture of `width` × `height`, false outside of the part.
  public func placed(at part: Box, inWidth newWidth: Int, height newHeight: Int) -> Mask {
    precondition(part.width == width && part.height == height, "the mask is that of the part")
    if newWidth == width && newHeight == height { return self }
    precondition(part.x0 >= 0 && part.y0 >= 0 && part.x1 <= newWidth && part.y1 <= newHeight)
    var values = [Bool](repeating: false, count: newWidth * newHeight)
    for y in 0..<height {
      let start = (part.y0 + y) * newWidth + part.x0
      values.replaceSubrange(start..<start + width, with: self.values[y * width..<(y + 1) * width])
    }
    return Mask(width: newWidth, height: newHeight, values: values)
  }
}
