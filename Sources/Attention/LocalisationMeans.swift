/// Means over pictures of what one way to make masks scored: each picture counts once, whatever its size.
public struct LocalisationMeans: Hashable, Sendable {
  /// A mean, and how often the value was large.
  public struct Mean: Hashable, Sendable {
    private var sum = 0.0
    private var count = 0
    private var hits = 0

    /// The mean, 0 of nothing.
    public var value: Double { count > 0 ? sum / Double(count) : 0 }
    /// Share of values strictly above ½.
    public var shareAboveHalf: Double { count > 0 ? Double(hits) / Double(count) : 0 }

    mutating func add(_ value: Double) {
      sum += value
      count += 1
      if value > 0.5 { hits += 1 }
    }
  }

  /// Pictures.
  public private(set) var count = 0
  /// Pictures with an empty mask, which score 0.
  public private(set) var emptyMasks = 0
  /// IoU of masks and objects.
  public private(set) var mask = Mean()
  /// IoU of boxes, if boxes were marked.
  public private(set) var box: Mean?
  /// IoU of boxes around the largest parts, if boxes were marked.
  public private(set) var largestBox: Mean?

  /// Means of nothing.
  public init() {}

  /// Counts one picture.
  public mutating func add(_ score: LocalisationScore) {
    count += 1
    if score.areaShare == 0 { emptyMasks += 1 }
    mask.add(score.mask)
    if let value = score.box { box = Self.adding(value, to: box) }
    if let value = score.largestBox { largestBox = Self.adding(value, to: largestBox) }
  }

  private static func adding(_ value: Double, to mean: Mean?) -> Mean {
    var mean = mean ?? Mean()
    mean.add(value)
    return mean
  }
}
