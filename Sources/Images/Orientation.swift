/// How a stored picture must be turned to stand upright: the EXIF orientation, whose numbers the cases have.
enum Orientation: Int, CaseIterable {
  case upright = 1
  case mirrored = 2
  case upsideDown = 3
  case flipped = 4
  case transposed = 5
  case turnedLeft = 6
  case transversed = 7
  case turnedRight = 8

  /// Rows of the stored picture are columns of the upright one.
  var swapsSides: Bool { rawValue >= 5 }

  /// Where an upright position is stored: `origin + x * column + y * row`, in pixels of a picture of this
  /// size.
  fileprivate func steps(width: Int, height: Int) -> (origin: Int, column: Int, row: Int) {
    let right = width - 1
    let bottom = (height - 1) * width
    return switch self {
    case .upright: (0, 1, width)
    case .mirrored: (right, -1, width)
    case .upsideDown: (bottom + right, -1, -width)
    case .flipped: (bottom, 1, -width)
    case .transposed: (0, width, 1)
    case .turnedLeft: (bottom, -width, 1)
    case .transversed: (bottom + right, -width, -1)
    case .turnedRight: (right, width, -1)
    }
  }
}

extension Orientation {
  /// The values of the upright picture, of which each pixel has one.
  func upright<Value>(_ values: [Value], width: Int, height: Int) -> [Value] {
    guard self != .upright else { return values }
    let (origin, column, row) = steps(width: width, height: height)
    let (newWidth, newHeight) = swapsSides ? (height, width) : (width, height)
    return (0..<newHeight).flatMap { y in
      (0..<newWidth).map { x in values[origin + x * column + y * row] }
    }
  }
}

extension Image {
  /// The picture as seen in a mirror: left and right exchanged.
  public func mirrored() -> Image { turned(upright: .mirrored) }

  /// The upright picture of one stored with `orientation`.
  func turned(upright orientation: Orientation) -> Image {
    guard orientation != .upright else { return self }
    let newWidth = orientation.swapsSides ? height : width
    let newHeight = orientation.swapsSides ? width : height
    let (origin, column, row) = orientation.steps(width: width, height: height)
    // Tiles keep both sides of a transposition in the cache.
    let tile = 32
    let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      pixels.withUnsafeBufferPointer { source in
        for top in stride(from: 0, to: newHeight, by: tile) {
          for left in stride(from: 0, to: newWidth, by: tile) {
            for y in top..<min(top + tile, newHeight) {
              var from = (origin + left * column + y * row) * 3
              var to = (y * newWidth + left) * 3
              for _ in left..<min(left + tile, newWidth) {
                target[to] = source[from]
                target[to &+ 1] = source[from &+ 1]
                target[to &+ 2] = source[from &+ 2]
                from &+= column &* 3
                to &+= 3
              }
            }
          }
        }
      }
      filled = pixels.count
    }
    return Image(width: newWidth, height: newHeight, pixels: turned)
  }
}
