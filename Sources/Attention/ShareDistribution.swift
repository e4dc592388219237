/// How shares, numbers from 0 to 1, are distributed: mean, spread and a histogram of 50 bins of one width.
public struct ShareDistribution: Sendable {
  /// Mean and spread.
  public private(set) var mean = RunningMean()
  /// Numbers in each bin, which holds its lower end; the last holds 1 too.
  public private(set) var counts = [Int](repeating: 0, count: bins)

  /// Number of bins.
  public static let bins = 50

  /// Without numbers.
  public init() {}

  /// Adds a share; what rounding put beyond 0 or 1 goes to the outer bins.
  public mutating func add(_ share: Double) {
    mean.add(share)
    counts[min(max(Int(share * Double(Self.bins)), 0), Self.bins - 1)] += 1
  }

  /// The ends of a bin.
  public static func range(ofBin bin: Int) -> ClosedRange<Double> {
    Double(bin) / Double(bins)...Double(bin + 1) / Double(bins)
  }
}
