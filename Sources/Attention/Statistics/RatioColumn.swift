/// A statistic over pictures that is a ratio of two sums: a mean (the second counts pictures), or the pooled overlap of
/// masks (pixels of intersections over pixels of unions).
public struct RatioColumn: Hashable, Sendable {
  /// What each picture adds above the line.
  public let numerators: [Double]
  /// What each picture adds below it; nil if that is 1.
  public let denominators: [Double]?

  /// The mean of values; NaN stands for a picture that has none and does not count.
  public init(meanOf values: [Double]) {
    let isWhole = !values.contains(where: \.isNaN)
    numerators = isWhole ? values : values.map { $0.isNaN ? 0 : $0 }
    denominators = isWhole ? nil : values.map { $0.isNaN ? 0 : 1 }
  }

  /// The ratio of the sums of both.
  public init(numerators: [Double], denominators: [Double]) {
    precondition(numerators.count == denominators.count, "each picture adds to both")
    self.numerators = numerators
    self.denominators = denominators
  }

  /// The statistic; nil without a picture that counts.
  public var value: Double? {
    let below = denominators.map { $0.reduce(0, +) } ?? Double(numerators.count)
    return below > 0 ? numerators.reduce(0, +) / below : nil
  }
}

/// A value and how far it may be off.
public struct Estimate: Codable, Hashable, Sendable {
  /// The value.
  public let value: Double
  /// Lower end of the 95 % interval.
  public let low: Double
  /// Upper end.
  public let high: Double

  /// A value with its interval.
  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }
}

/// Σ a[i] · b[i], in an order that depends on the count alone.
func dotProduct(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
  let (left, right) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
  var sums = (SIMD8<Double>(), SIMD8<Double>())
  var index = 0
  while index + 16 <= count {
    let (one, two) = (index * 8, index * 8 + 64)
    sums.0 +=
      left.loadUnaligned(fromByteOffset: one, as: SIMD8<Double>.self)
      * right.loadUnaligned(fromByteOffset: one, as: SIMD8<Double>.self)
    sums.1 +=
      left.loadUnaligned(fromByteOffset: two, as: SIMD8<Double>.self)
      * right.loadUnaligned(fromByteOffset: two, as: SIMD8<Double>.self)
    index += 16
  }
  var sum = (sums.0 + sums.1).sum()
  while index < count {
    sum += a[index] * b[index]
    index += 1
  }
  return sum
}
