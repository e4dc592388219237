import Images

/// The level above which a map counts as attention.
public enum Threshold: Hashable, Sendable {
  /// The map's mean (paper, section III-B and V; SCDA).
  case mean
  /// The level that best parts the values in two, by Otsu's between-class variance over 256 equal bins.
  case otsu
  /// The value below which this share of the map lies, interpolated as numpy.quantile does.
  case quantile(Double)
  /// A fixed level.
  case value(Float)

  /// Reads `mean`, `otsu`, `quantile:Q` or `value:V`.
  public init(_ text: String) throws(AttentionError) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("mean", 1): self = .mean
    case ("otsu", 1): self = .otsu
    case ("quantile", 2):
      guard let share = Double(parts[1]), (0...1).contains(share) else { throw .unknownThreshold(text) }
      self = .quantile(share)
    case ("value", 2):
      guard let level = Float(parts[1]), level.isFinite else { throw .unknownThreshold(text) }
      self = .value(level)
    default: throw .unknownThreshold(text)
    }
  }

  /// How it is written on the command line.
  public var name: String {
    switch self {
    case .mean: "mean"
    case .otsu: "otsu"
    case .quantile(let share): "quantile:\(share)"
    case .value(let level): "value:\(level)"
    }
  }

  /// The level for a map. Values that are not finite do not count; a map without any finite value has level 0.
  public func level(of map: FloatMap) -> Float {
    let values = map.values.filter(\.isFinite)
    guard !values.isEmpty else { return 0 }
    switch self {
    case .mean: return Float(values.reduce(0) { $0 + Double($1) } / Double(values.count))
    case .otsu: return Self.otsuLevel(values)
    case .quantile(let share):
      let sorted = values.sorted()
      let position = share * Double(sorted.count - 1)
      let below = sorted[Int(position)], above = sorted[min(Int(position) + 1, sorted.count - 1)]
      return Float(Double(below) + (Double(above) - Double(below)) * (position - position.rounded(.down)))
    case .value(let level): return level
    }
  }

  private static func otsuLevel(_ values: [Float]) -> Float {
    guard let low = values.min(), let high = values.max(), low < high else { return values.first ?? 0 }
    let bins = 256
    let width = (Double(high) - Double(low)) / Double(bins)
    var histogram = [Int](repeating: 0, count: bins)
    for value in values { histogram[min(bins - 1, Int((Double(value) - Double(low)) / width))] += 1 }
    let total = Double(values.count)
    let moment = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
    var (below, momentBelow, best, bestBin) = (0.0, 0.0, -1.0, 0)
    for bin in 0..<bins - 1 {
      below += Double(histogram[bin])
      momentBelow += Double(bin) * Double(histogram[bin])
      guard below > 0, below < total else { continue }
      let difference = momentBelow / below - (moment - momentBelow) / (total - below)
      let variance = below * (total - below) * difference * difference
      if variance > best { (best, bestBin) = (variance, bin) }
    }
    return Float(Double(low) + Double(bestBin + 1) * width)
  }
}
