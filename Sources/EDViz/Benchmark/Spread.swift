/// The middle, the least and the most of what was measured several times.
public struct Spread: Encodable, Hashable, Sendable {
  /// The middle value; of an even number the upper of the two in the middle.
  public let median: Double
  /// The least value and the greatest.
  public let least: Double, most: Double
  /// How many there are.
  public let count: Int

  /// - Precondition: there is a value.
  public init(_ values: [Double]) {
    let sorted = values.sorted()
    (median, least, most, count) = (
      sorted[sorted.count / 2], sorted[0], sorted[sorted.count - 1], sorted.count
    )
  }
}
