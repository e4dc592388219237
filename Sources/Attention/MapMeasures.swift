import Images

extension FloatMap {
  /// The pointing game (Zhang et al., "Top-down neural attention", 2016): whether the map's maximum lies on the object,
  /// or so near that one of the object's pixels is within `tolerance` pixels, centre to centre. Of several equal
  /// maxima the first from the top left counts, as numpy.argmax has it; NaN is none.
  /// - Parameter ignored: pixels among which no maximum is looked for.
  public func pointsAt(_ object: Mask, tolerance: Double = 0, ignoring ignored: Mask? = nil) -> Bool {
    precondition(object.width == width && object.height == height, "masks of one picture have its size")
    var (best, place) = (-Float.infinity, -1)
    for (index, value) in values.enumerated() where value > best && ignored?.values[index] != true {
      (best, place) = (value, index)
    }
    guard place >= 0 else { return false }
    let reach = Int(tolerance.rounded(.down))
    let (x, y) = (place % width, place / width)
    for row in max(0, y - reach)...min(height - 1, y + reach) {
      for column in max(0, x - reach)...min(width - 1, x + reach) where object.values[row * width + column] {
        let (dx, dy) = (Double(column - x), Double(row - y))
        if dx * dx + dy * dy <= tolerance * tolerance { return true }
      }
    }
    return false
  }

  /// Share of the sum of the map's positive finite values that lies on the object; 0 if no value is positive.
  /// - Parameter ignored: pixels that are left out.
  public func energyShare(inside object: Mask, ignoring ignored: Mask? = nil) -> Double {
    precondition(object.width == width && object.height == height, "masks of one picture have its size")
    var (inside, all) = (0.0, 0.0)
    for (index, value) in values.enumerated()
    where value > 0 && value.isFinite && ignored?.values[index] != true {
      all += Double(value)
      if object.values[index] { inside += Double(value) }
    }
    return all > 0 ? inside / all : 0
  }
}
