extension Image {
  /// The picture at another size, antialiased: equal to Pillow's `resize((width, height), BILINEAR)` bit for
  /// bit, which is what torchvision does to a PIL image, and so with the other filters. Two passes, rounded to 8 bits
  /// between.
  public func resized(
    width newWidth: Int, height newHeight: Int, by filter: Interpolation = .bilinear
  ) -> Image {
    resized(
      width: newWidth, height: newHeight, showing: Box(x0: 0, y0: 0, x1: newWidth, y1: newHeight), by: filter)
  }

  /// A part of what `resized(width:height:)` gives, black where it reaches outside: the same to the bit as to resize all
  /// and to cut that out, but what is not shown is not computed, so that memory and time are those of the part.
  public func resized(
    width newWidth: Int, height newHeight: Int, showing part: Box, by filter: Interpolation = .bilinear
  ) -> Image {
    precondition(newWidth > 0 && newHeight > 0, "a picture has at least one pixel")
    let inside = part.intersection(Box(x0: 0, y0: 0, x1: newWidth, y1: newHeight))
    guard inside.area > 0 else { return Image(width: part.width, height: part.height, filledWith: .black) }
    // Pillow 13 begins with the pass that leaves less to the other. Earlier versions always begin
    // horizontally, so a picture more than twice as high as wide may differ from theirs by a level.
    let removedRows = height - newHeight
    let verticalFirst = removedRows > 0 && removedRows > (width - newWidth) * 2
    let columns = ResampledAxis(from: width, to: newWidth, showing: inside.x0..<inside.x1, by: filter)
    let rows = ResampledAxis(from: height, to: newHeight, showing: inside.y0..<inside.y1, by: filter)
    let needed = Box(
      x0: columns.sources.lowerBound, y0: rows.sources.lowerBound, x1: columns.sources.upperBound,
      y1: rows.sources.upperBound)
    let isWhole = needed.width == width && needed.height == height
    let source = isWhole ? self : cropped(to: needed)
    let resized =
      verticalFirst
      ? source.resampledVertically(rows.windows).resampledHorizontally(columns.windows)
      : source.resampledHorizontally(columns.windows).resampledVertically(rows.windows)
    guard inside != part else { return resized }
    return resized.cropped(
      to: Box(
        x0: part.x0 - inside.x0, y0: part.y0 - inside.y0, x1: part.x1 - inside.x0, y1: part.y1 - inside.y0))
  }

  /// The picture with its short side at `shortSide` and the long side in proportion, truncated to an integer:
  /// torchvision's `Resize(shortSide)`.
  public func resized(shortSide: Int, by filter: Interpolation = .bilinear) -> Image {
    let size = size(shortSide: shortSide)
    return resized(width: size.width, height: size.height, by: filter)
  }

  /// The middle of `resized(shortSide:)`, as torchvision's `Resize(shortSide)` and then `CenterCrop(side)`.
  public func resized(
    shortSide: Int, centerCrop side: Int, by filter: Interpolation = .bilinear
  ) -> Image {
    let size = size(shortSide: shortSide)
    let (x, y) = (Self.centeredEdge(size.width, side), Self.centeredEdge(size.height, side))
    return resized(
      width: size.width, height: size.height, showing: Box(x0: x, y0: y, x1: x + side, y1: y + side),
      by: filter)
  }

  private func size(shortSide: Int) -> (width: Int, height: Int) {
    let long = shortSide * max(width, height) / min(width, height)
    return width <= height ? (shortSide, long) : (long, shortSide)
  }

  private func resampledHorizontally(_ windows: ResampleWindows?) -> Image {
    guard let windows else { return self }
    let newWidth = windows.first.count
    let count = newWidth * height * 3
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      pixels.withUnsafeBufferPointer { source in
        windows.withUnsafeWindows { first, taps, weights, stride in
          for y in 0..<height {
            let row = y * width * 3
            var to = y * newWidth * 3
            for x in 0..<newWidth {
              var red = ResampleWindows.half
              var green = ResampleWindows.half
              var blue = ResampleWindows.half
              var from = row &+ first[x] &* 3
              let start = x &* stride
              for tap in start..<start &+ taps[x] {
                let weight = weights[tap]
                red &+= Int32(source[from]) &* weight
                green &+= Int32(source[from &+ 1]) &* weight
                blue &+= Int32(source[from &+ 2]) &* weight
                from &+= 3
              }
              target[to] = red.resampled
              target[to &+ 1] = green.resampled
              target[to &+ 2] = blue.resampled
              to &+= 3
            }
          }
        }
      }
      filled = count
    }
    return Image(width: newWidth, height: height, pixels: result)
  }

  private func resampledVertically(_ windows: ResampleWindows?) -> Image {
    guard let windows else { return self }
    let newHeight = windows.first.count
    let row = width * 3
    let count = row * newHeight
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      pixels.withUnsafeBufferPointer { source in
        windows.withUnsafeWindows { first, taps, weights, stride in
          // Whole rows are added up at once, which the compiler turns into vector instructions.
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: row) { sums in
            for y in 0..<newHeight {
              sums.update(repeating: ResampleWindows.half)
              for tap in 0..<taps[y] {
                let weight = weights[y &* stride &+ tap]
                let start = (first[y] &+ tap) &* row
                let from = UnsafeBufferPointer(rebasing: source[start..<start &+ row])
                for x in 0..<row { sums[x] &+= Int32(from[x]) &* weight }
              }
              let to = UnsafeMutableBufferPointer(rebasing: target[y &* row..<(y &+ 1) &* row])
              for x in 0..<row { to[x] = sums[x].resampled }
            }
          }
        }
      }
      filled = count
    }
    return Image(width: width, height: newHeight, pixels: result)
  }
}

/// One axis of a picture that is resized and of which a part is shown.
private struct ResampledAxis {
  /// The positions that the part is made of.
  let sources: Range<Int>
  /// How they become the part's; nil if they are the part's.
  let windows: ResampleWindows?

  init(from input: Int, to output: Int, showing range: Range<Int>, by filter: Interpolation) {
    guard input != output else {
      (sources, windows) = (range, nil)
      return
    }
    let windows = ResampleWindows(from: input, to: output, range: range, filter: filter)
    (sources, self.windows) = (windows.sources, windows)
  }
}

extension Int32 {
  /// The 8-bit value of a sum of weighted pixels. Weights are rounded one by one, and may be negative, so a sum can pass
  /// either end.
  fileprivate var resampled: UInt8 {
    UInt8(truncatingIfNeeded: Swift.max(0, Swift.min(self &>> ResampleWindows.precision, 255)))
  }
}

extension ResampleWindows {
  /// Lends first positions, counts and weights without bounds checks in release builds.
  fileprivate func withUnsafeWindows(
    _ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int32>, Int) -> Void
  ) {
    first.withUnsafeBufferPointer { first in
      count.withUnsafeBufferPointer { count in
        weights.withUnsafeBufferPointer { body(first, count, $0, stride) }
      }
    }
  }
}
