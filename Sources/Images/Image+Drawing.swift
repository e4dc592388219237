extension Image {
  /// A thickness in pixels at which a line is well seen and hides little: 1/160 of the short side, at least
  /// 1.
  public var lineThickness: Int { max(1, (min(width, height) + 80) / 160) }

  /// Draws the edge of a mask of the picture's size, inside the object.
  public mutating func drawOutline(of mask: Mask, color: Color = .green, thickness: Int? = nil) {
    precondition(mask.width == width && mask.height == height, "mask and picture have one size")
    let line = mask.outline(thickness: thickness ?? lineThickness)
    for index in line.values.indices where line.values[index] { set(index, to: color) }
  }

  /// Draws the edge of a box, inside the box; what lies outside the picture is not drawn.
  public mutating func drawBox(_ box: Box, color: Color = .yellow, thickness: Int? = nil) {
    let line = thickness ?? lineThickness
    let visible = box.intersection(Box(x0: 0, y0: 0, x1: width, y1: height))
    guard visible.width > 0, visible.height > 0 else { return }
    for y in visible.y0..<visible.y1 {
      let horizontal = y < box.y0 + line || y >= box.y1 - line
      for x in visible.x0..<visible.x1 where horizontal || x < box.x0 + line || x >= box.x1 - line {
        set(y * width + x, to: color)
      }
    }
  }

  private mutating func set(_ index: Int, to color: Color) {
    pixels[index * 3] = color.red
    pixels[index * 3 + 1] = color.green
    pixels[index * 3 + 2] = color.blue
  }
}
