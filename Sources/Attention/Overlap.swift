import Images

extension Mask {
  /// The mask without the pixels of another, if there is one.
  public func subtracting(_ other: Mask?) -> Mask {
    guard let other else { return self }
    precondition(width == other.width && height == other.height, "masks of one picture have its size")
    return Mask(width: width, height: height, values: zip(values, other.values).map { $0 && !$1 })
  }

  /// Intersection over union: pixels in both masks over pixels in either; 0 if both are empty.
  public func intersectionOverUnion(with other: Mask) -> Double {
    let (both, either) = overlap(with: other)
    return either > 0 ? Double(both) / Double(either) : 0
  }

  /// Pixels in both masks, and in either.
  public func overlap(with other: Mask) -> (both: Int, either: Int) {
    precondition(width == other.width && height == other.height, "masks of one picture have its size")
    var both = 0
    var either = 0
    values.withUnsafeBufferPointer { mine in
      other.values.withUnsafeBufferPointer { others in
        for index in 0..<mine.count {
          both &+= mine[index] && others[index] ? 1 : 0
          either &+= mine[index] || others[index] ? 1 : 0
        }
      }
    }
    return (both, either)
  }
}

extension Box {
  /// Intersection over union of the two areas; 0 if both are empty.
  public func intersectionOverUnion(with other: Box) -> Double {
    let both = intersection(other).area
    let either = area + other.area - both
    return either > 0 ? Double(both) / Double(either) : 0
  }
}
