extension Mask {
  /// The true pixels that have a false one, or the outside, within `thickness` pixels to any of eight sides:
  /// a closed line inside the object's edge.
  public func outline(thickness: Int) -> Mask {
    precondition(thickness > 0, "a line has at least one pixel")
    let inner = eroded(by: thickness)
    var result = self
    for index in values.indices where inner[index] { result.values[index] = false }
    return result
  }

  /// True where the whole square of `reach` pixels around is true and inside. A square is a row of columns,
  /// so two passes that count the run of true values behind each position do it in a time that does not grow
  /// with `reach`.
  private func eroded(by reach: Int) -> [Bool] {
    var result = values
    result.withUnsafeMutableBufferPointer { mask in
      for y in 0..<height { Self.erode(mask, start: y * width, step: 1, count: width, reach) }
      for x in 0..<width { Self.erode(mask, start: x, step: width, count: height, reach) }
    }
    return result
  }

  private static func erode(
    _ mask: UnsafeMutableBufferPointer<Bool>, start: Int, step: Int, count: Int, _ reach: Int
  ) {
    var run = 0
    // A position is judged `reach` later, when all that surrounds it has been seen; its own value is then
    // behind everything still to be read.
    for position in 0..<count + reach {
      run = position < count && mask[start + position * step] ? run + 1 : 0
      let judged = position - reach
      if judged >= 0 { mask[start + judged * step] = run > 2 * reach }
    }
  }
}
