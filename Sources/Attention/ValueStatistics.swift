import Tensors

/// Sums over many values, and what follows from them.
public struct ValueStatistics: Sendable {
  /// Values so far.
  public private(set) var count = 0.0
  /// Σ x.
  public private(set) var sum = 0.0
  /// Σ x².
  public private(set) var square = 0.0
  /// Σ |x|.
  public private(set) var absolute = 0.0
  /// Number of values above 0.
  public private(set) var positive = 0.0

  /// Without values.
  public init() {}

  /// The values of one channel of one image.
  init(_ sums: ChannelSums, image: Int, channel: Int) {
    count = Double(sums.positions)
    sum = sums[image, .sum, channel]
    square = sums[image, .square, channel]
    absolute = sums[image, .absolute, channel]
    positive = sums[image, .positive, channel]
  }

  /// Adds other values.
  mutating func add(_ other: ValueStatistics) {
    count += other.count
    sum += other.sum
    square += other.square
    absolute += other.absolute
    positive += other.positive
  }

  private func perValue(_ total: Double) -> Double { count > 0 ? total / count : 0 }

  /// Share of values above 0; 0 without values, as all that follow.
  public var positiveShare: Double { perValue(positive) }
  /// Mean.
  public var mean: Double { perValue(sum) }
  /// Mean of the absolute values.
  public var meanAbsolute: Double { perValue(absolute) }
  /// Root of the mean square.
  public var rootMeanSquare: Double { perValue(square).squareRoot() }
  /// Standard deviation, as of a whole population.
  public var standardDeviation: Double { max(0, perValue(square) - mean * mean).squareRoot() }
}
