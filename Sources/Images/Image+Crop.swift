extension Mask {
  /// The part of the mask under `box`, which lies inside of it.
  public func cropped(to box: Box) -> Mask {
    precondition(box.intersection(Box(x0: 0, y0: 0, x1: width, y1: height)) == box, "the box lies inside")
    return Mask(
      width: box.width, height: box.height,
      values: (box.y0..<box.y1).flatMap { y in values[y * width + box.x0..<y * width + box.x1] })
  }
}

extension Image {
  /// The part of the picture under `box`; black where the box reaches outside.
  public func cropped(to box: Box) -> Image {
    precondition(box.width > 0 && box.height > 0, "a picture has at least one pixel")
    var result = Image(width: box.width, height: box.height, filledWith: .black)
    let visible = box.intersection(Box(x0: 0, y0: 0, x1: width, y1: height))
    guard visible.width > 0 else { return result }
    for y in visible.y0..<max(visible.y1, visible.y0) {
      let from = (y * width + visible.x0) * 3
      let to = ((y - box.y0) * box.width + visible.x0 - box.x0) * 3
      let length = visible.width * 3
      result.pixels.replaceSubrange(to..<to + length, with: pixels[from..<from + length])
    }
    return result
  }

  /// The middle of the picture: torchvision's `CenterCrop`. The edge is rounded to even at a half; a picture
  /// smaller than the crop gets black around it.
  public func centerCropped(width newWidth: Int, height newHeight: Int) -> Image {
    cropped(to: Self.centerBox(of: (width, height), width: newWidth, height: newHeight))
  }

  /// What `centerCropped` keeps of a picture of a size.
  package static func centerBox(
    of size: (width: Int, height: Int), width newWidth: Int, height newHeight: Int
  ) -> Box {
    let x = centeredEdge(size.width, newWidth)
    let y = centeredEdge(size.height, newHeight)
    return Box(x0: x, y0: y, x1: x + newWidth, y1: y + newHeight)
  }

  /// Where a crop of `length` begins on a side; negative where the side is shorter.
  static func centeredEdge(_ side: Int, _ length: Int) -> Int {
    if length > side { return -((length - side) / 2) }
    return Int((Double(side - length) / 2).rounded(.toNearestOrEven))
  }
}
