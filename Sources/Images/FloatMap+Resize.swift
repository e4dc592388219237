extension FloatMap {
  /// The map at another size by linear interpolation between centres of positions, edges held: OpenCV's
  /// `INTER_LINEAR` for floats, PyTorch's `bilinear` with `align_corners=False` and without antialiasing. A
  /// value that is not finite reaches the positions around it only.
  public func resized(width newWidth: Int, height newHeight: Int) -> FloatMap {
    precondition(newWidth > 0 && newHeight > 0, "a map has at least one position")
    if newWidth == width && newHeight == height { return self }
    let columns = LinearTaps(from: width, to: newWidth)
    let rows = LinearTaps(from: height, to: newHeight)
    let result = [Float](unsafeUninitializedCapacity: newWidth * newHeight) { target, filled in
      values.withUnsafeBufferPointer { source in
        columns.taps.withUnsafeBufferPointer { columns in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: newWidth * 2) { wide in
            Self.interpolate(source, width, columns, rows.taps, wide, target)
          }
        }
      }
      filled = newWidth * newHeight
    }
    return FloatMap(width: newWidth, height: newHeight, values: result)
  }

  /// Two source rows are kept stretched to the new width; going down the picture, each is stretched once.
  private static func interpolate(
    _ source: UnsafeBufferPointer<Float>, _ width: Int, _ columns: UnsafeBufferPointer<LinearTaps.Tap>,
    _ rows: [LinearTaps.Tap], _ wide: UnsafeMutableBufferPointer<Float>,
    _ target: UnsafeMutableBufferPointer<Float>
  ) {
    let newWidth = columns.count
    var upper = UnsafeMutableBufferPointer(rebasing: wide[..<newWidth])
    var lower = UnsafeMutableBufferPointer(rebasing: wide[newWidth...])
    var upperRow = -1
    var lowerRow = -1
    func stretch(_ row: Int, into line: UnsafeMutableBufferPointer<Float>) {
      let start = row * width
      for x in 0..<newWidth {
        let tap = columns[x]
        line[x] = tap.mix(source[start &+ tap.first], source[start &+ tap.second])
      }
    }
    for (y, row) in rows.enumerated() {
      if row.first == lowerRow {
        swap(&upper, &lower)
        swap(&upperRow, &lowerRow)
      }
      if row.first != upperRow {
        stretch(row.first, into: upper)
        upperRow = row.first
      }
      let line = UnsafeMutableBufferPointer(rebasing: target[y * newWidth..<(y + 1) * newWidth])
      if row.weight == 0 {
        for x in 0..<newWidth { line[x] = upper[x] }
        continue
      }
      if row.second != lowerRow {
        stretch(row.second, into: lower)
        lowerRow = row.second
      }
      let low = row.weight
      let high = 1 - low
      for x in 0..<newWidth { line[x] = upper[x] * high + lower[x] * low }
    }
  }
}

/// For each output position of one axis, its two neighbours and the weight of the second.
private struct LinearTaps {
  struct Tap {
    let first: Int
    let second: Int
    let weight: Float

    @inline(__always)
    func mix(_ a: Float, _ b: Float) -> Float { weight == 0 ? a : a * (1 - weight) + b * weight }
  }

  let taps: [Tap]

  init(from input: Int, to output: Int) {
    let scale = Double(input) / Double(output)
    taps = (0..<output).map { position in
      let center = (Double(position) + 0.5) * scale - 0.5
      let first = Int(center.rounded(.down))
      // Outside the first and last centre, the edge value holds.
      if first < 0 { return Tap(first: 0, second: 0, weight: 0) }
      if first >= input - 1 { return Tap(first: input - 1, second: input - 1, weight: 0) }
      return Tap(first: first, second: first + 1, weight: Float(center - Double(first)))
    }
  }
}
