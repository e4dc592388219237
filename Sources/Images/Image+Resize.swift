extension Image {
  /// The picture at another size, antialiased: equal to Pillow's `resize((width, height), BILINEAR)` bit for
  /// bit, which is what torchvision does to a PIL image. Two passes, rounded to 8 bits between.
  public func resized(width newWidth: Int, height newHeight: Int) -> Image {
    precondition(newWidth > 0 && newHeight > 0, "a picture has at least one pixel")
    // Pillow 13 begins with the pass that leaves less to the other. Earlier versions always begin
    // horizontally, so a picture more than twice as high as wide may differ from theirs by a level.
    let removedRows = height - newHeight
    let verticalFirst = removedRows > 0 && removedRows > (width - newWidth) * 2
    return verticalFirst
      ? resizedVertically(to: newHeight).resizedHorizontally(to: newWidth)
      : resizedHorizontally(to: newWidth).resizedVertically(to: newHeight)
  }

  /// The picture with its short side at `shortSide` and the long side in proportion, truncated to an integer:
  /// torchvision's `Resize(shortSide)`.
  public func resized(shortSide: Int) -> Image {
    let long = shortSide * max(width, height) / min(width, height)
    return width <= height
      ? resized(width: shortSide, height: long) : resized(width: long, height: shortSide)
  }

  private func resizedHorizontally(to newWidth: Int) -> Image {
    guard newWidth != width else { return self }
    let windows = ResampleWindows(from: width, to: newWidth)
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

  private func resizedVertically(to newHeight: Int) -> Image {
    guard newHeight != height else { return self }
    let windows = ResampleWindows(from: height, to: newHeight)
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

extension Int32 {
  /// The 8-bit value of a sum of weighted pixels. Weights are rounded one by one, so a sum can pass 255.
  fileprivate var resampled: UInt8 {
    UInt8(truncatingIfNeeded: Swift.min(self &>> ResampleWindows.precision, 255))
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
