extension Image {
  /// Pictures of one height side by side, `gap` pixels of `background` between them.
  public static func row(_ images: [Image], gap: Int = 0, background: Color = .white) -> Image {
    precondition(!images.isEmpty && gap >= 0, "a row has at least one picture")
    let height = images[0].height
    precondition(images.allSatisfy { $0.height == height }, "pictures in a row have one height")
    let width = images.reduce(gap * (images.count - 1)) { $0 + $1.width }
    var result = Image(width: width, height: height, filledWith: background)
    var left = 0
    for image in images {
      result.paste(image, x: left, y: 0)
      left += image.width + gap
    }
    return result
  }

  /// Pictures of one width below each other, `gap` pixels of `background` between them.
  public static func column(_ images: [Image], gap: Int = 0, background: Color = .white) -> Image {
    precondition(!images.isEmpty && gap >= 0, "a column has at least one picture")
    let width = images[0].width
    precondition(images.allSatisfy { $0.width == width }, "pictures in a column have one width")
    let height = images.reduce(gap * (images.count - 1)) { $0 + $1.height }
    var result = Image(width: width, height: height, filledWith: background)
    var top = 0
    for image in images {
      result.paste(image, x: 0, y: top)
      top += image.height + gap
    }
    return result
  }

  /// Copies a picture that lies wholly inside this one.
  private mutating func paste(_ image: Image, x: Int, y: Int) {
    let length = image.width * 3
    for row in 0..<image.height {
      let to = ((y + row) * width + x) * 3
      pixels.replaceSubrange(to..<to + length, with: image.pixels[row * length..<(row + 1) * length])
    }
  }
}
