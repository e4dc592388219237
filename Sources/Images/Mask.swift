/// Yes or no for each pixel: an object's region, a thresholded heatmap.
public struct Mask: Hashable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Row-major, rows from the top; true is the object.
  public var values: [Bool] {
    // Loops over values go without bounds checks and rely on this.
    didSet { precondition(values.count == width * height, "values do not fill the mask") }
  }

  /// A mask of given values.
  public init(width: Int, height: Int, values: [Bool]) {
    precondition(width > 0 && height > 0 && values.count == width * height, "values do not fill the mask")
    self.width = width
    self.height = height
    self.values = values
  }

  /// Pixels brighter than half in the mean of red, green and blue: how grey mask files are read.
  public init(brightPixelsOf image: Image) {
    let count = image.width * image.height
    let values = [Bool](unsafeUninitializedCapacity: count) { target, filled in
      image.pixels.withUnsafeBufferPointer { pixels in
        for index in 0..<count {
          let sum = Int(pixels[index * 3]) + Int(pixels[index * 3 + 1]) + Int(pixels[index * 3 + 2])
          target[index] = sum * 2 > 255 * 3
        }
      }
      filled = count
    }
    self.init(width: image.width, height: image.height, values: values)
  }

  /// The mask as a grey PNG file: 255 where true, 0 elsewhere.
  public func encodedPNG() throws(ImageError) -> [UInt8] {
    let grey = values.map { $0 ? UInt8(255) : 0 }
    return try EncodedImage.png(grey, width: width, height: height, channels: 1, effort: .fast)
  }

  /// The mask at another size; each position takes the value whose pixel its centre lies in (Pillow's
  /// `NEAREST`, PyTorch's `nearest-exact`).
  public func resized(width newWidth: Int, height newHeight: Int) -> Mask {
    precondition(newWidth > 0 && newHeight > 0, "a mask has at least one position")
    let columns = Self.nearest(from: width, to: newWidth)
    let rows = Self.nearest(from: height, to: newHeight)
    let result = [Bool](unsafeUninitializedCapacity: newWidth * newHeight) { target, filled in
      values.withUnsafeBufferPointer { source in
        for y in 0..<newHeight {
          let row = rows[y] * width
          for x in 0..<newWidth { target[y &* newWidth &+ x] = source[row &+ columns[x]] }
        }
      }
      filled = newWidth * newHeight
    }
    return Mask(width: newWidth, height: newHeight, values: result)
  }

  /// ⌊(position + ½) · input / output⌋, in integers so that no rounding decides a tie.
  private static func nearest(from input: Int, to output: Int) -> [Int] {
    (0..<output).map { (2 * $0 + 1) * input / (2 * output) }
  }
}
