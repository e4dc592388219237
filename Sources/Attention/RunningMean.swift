/// Mean and spread of numbers that come one after another (Welford's algorithm).
public struct RunningMean: Sendable {
  /// Numbers so far.
  public private(set) var count = 0
  /// Their mean; 0 without any.
  public private(set) var mean = 0.0
  private var squares = 0.0

  /// Without numbers.
  public init() {}

  /// Adds a number.
  public mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// Their standard deviation, as of a whole population; 0 without any.
  public var standardDeviation: Double { count > 0 ? (squares / Double(count)).squareRoot() : 0 }
}
