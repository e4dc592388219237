extension FloatMap {
  /// The smallest and the largest finite value; 0...0 if no value is finite.
  public var range: ClosedRange<Float> {
    var low = Float.infinity
    var high = -Float.infinity
    values.withUnsafeBufferPointer { values in
      for value in values where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
    }
    return low <= high ? low...high : 0...0
  }

  /// The smallest range around 0 that holds every finite value: the scale of a diverging colour map.
  public var symmetricRange: ClosedRange<Float> {
    let range = range
    let reach = max(abs(range.lowerBound), abs(range.upperBound))
    return -reach...reach
  }

  /// Values moved linearly so that `scale` becomes 0...1, and clamped to that; by default each map's own
  /// `range`. A scale without extent (a constant map) gives 0 everywhere; NaN becomes 0.
  public func normalized(to scale: ClosedRange<Float>? = nil) -> FloatMap {
    let scale = scale ?? range
    // The span of two very large floats is infinite; at half their size it is not.
    let shrink: Float = (scale.upperBound - scale.lowerBound).isFinite ? 1 : 0.5
    let low = scale.lowerBound * shrink
    let span = scale.upperBound * shrink - low
    let result = [Float](unsafeUninitializedCapacity: values.count) { target, filled in
      values.withUnsafeBufferPointer { source in
        for index in 0..<source.count {
          let moved = span > 0 ? (source[index] * shrink - low) / span : 0
          // Comparisons with NaN are false, so it ends at 0.
          let positive = moved > 0 ? moved : 0
          target[index] = positive < 1 ? positive : 1
        }
      }
      filled = values.count
    }
    return FloatMap(width: width, height: height, values: result)
  }

  /// The normalised map in 8 bits, rounded to nearest: 0 for the low end of `scale`, 255 for its high end.
  public func quantized(to scale: ClosedRange<Float>? = nil) -> [UInt8] {
    let normalized = normalized(to: scale)
    return [UInt8](unsafeUninitializedCapacity: values.count) { target, filled in
      normalized.values.withUnsafeBufferPointer { source in
        for index in 0..<source.count { target[index] = UInt8(rounding: source[index] * 255) }
      }
      filled = values.count
    }
  }

  /// The map in colours. Resize first, then colour: colours between two colours mean nothing.
  public func colored(with colorMap: ColorMap, scale: ClosedRange<Float>? = nil) -> Image {
    let levels = quantized(to: scale)
    let count = levels.count
    let pixels = [UInt8](unsafeUninitializedCapacity: count * 3) { target, filled in
      levels.withUnsafeBufferPointer { levels in
        colorMap.table.withUnsafeBufferPointer { table in
          for index in 0..<count {
            let entry = Int(levels[index]) &* 3
            target[index &* 3] = table[entry]
            target[index &* 3 &+ 1] = table[entry &+ 1]
            target[index &* 3 &+ 2] = table[entry &+ 2]
          }
        }
      }
      filled = count * 3
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
