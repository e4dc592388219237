import Images

extension FloatMap {
  /// Area under the precision-recall curve of the map's values as scores of an object's pixels: Σ (Rₙ − Rₙ₋₁) Pₙ over
  /// all distinct values from the highest, pixels of equal value together, as scikit-learn's
  /// `average_precision_score`. NaN counts as −∞. 0 if the object has no pixel.
  /// - Parameter ignored: pixels that are left out.
  public func averagePrecision(of object: Mask, ignoring ignored: Mask? = nil) -> Double {
    precondition(object.width == width && object.height == height, "masks of one picture have its size")
    var (values, isObject) = (values, object.values)
    if let ignored {
      let counted = values.indices.filter { !ignored.values[$0] }
      (values, isObject) = (counted.map { values[$0] }, counted.map { isObject[$0] })
    }
    let positives = isObject.count { $0 }
    guard positives > 0 else { return 0 }
    let pixels = RankedPixels(values, isObject).keys
    var (index, seen, found, sum) = (pixels.count - 1, 0, 0, 0.0)
    pixels.withUnsafeBufferPointer { pixels in
      while index >= 0 {
        let rank = pixels[index] >> 1
        let before = found
        while index >= 0, pixels[index] >> 1 == rank {
          found += Int(pixels[index] & 1)
          seen += 1
          index -= 1
        }
        // Where no pixel of the object is met, recall stays.
        if found > before { sum += Double(found - before) * Double(found) / Double(seen) }
      }
    }
    return sum / Double(positives)
  }
}

/// Pixels in the order of their values, lowest first: the value's rank in the upper bits, whether the pixel is the
/// object's in the lowest. Sorted by 11 bits at a time, in time linear in their number.
private struct RankedPixels {
  let keys: [UInt64]

  init(_ values: [Float], _ isObject: [Bool]) {
    var keys = zip(values, isObject).map { value, isObject in
      // Zeros of both signs are equal. The bits of floats, with the sign turned, are in the order of floats.
      let bits = (value.isNaN ? -.infinity : value + 0).bitPattern
      let rank = bits >> 31 == 0 ? bits | 1 << 31 : ~bits
      return UInt64(rank) << 1 | (isObject ? 1 : 0)
    }
    var other = [UInt64](repeating: 0, count: keys.count)
    for shift in [1, 12, 23] {
      var starts = [Int](repeating: 0, count: 2049)
      keys.withUnsafeBufferPointer { keys in
        other.withUnsafeMutableBufferPointer { other in
          starts.withUnsafeMutableBufferPointer { starts in
            for key in keys { starts[Int(truncatingIfNeeded: key >> shift & 2047) + 1] += 1 }
            for digit in 0..<2048 { starts[digit + 1] += starts[digit] }
            for key in keys {
              let digit = Int(truncatingIfNeeded: key >> shift & 2047)
              other[starts[digit]] = key
              starts[digit] += 1
            }
          }
        }
      }
      swap(&keys, &other)
    }
    self.keys = keys
  }
}
