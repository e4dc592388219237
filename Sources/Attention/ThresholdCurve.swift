import Images

/// What masks of one map would share with an object if the threshold stood at fixed levels of the map's own range:
/// min-max normalised over the part of the picture that the network saw, all parts of the mask kept.
public struct ThresholdCounts: Hashable, Sendable {
  /// The levels, 0, 0.01 … 1.
  public static let levels = (0...100).map { Float($0) / 100 }
  /// Pixels in both mask and object, for each level.
  public let intersections: [Int]
  /// Pixels in mask or object, for each level.
  public let unions: [Int]

  /// The counts for a map whose values are −∞ where the network did not look. A map that is the same everywhere has the
  /// normalised value 0. Ignored pixels are counted nowhere, but belong to the map's range.
  init(of map: FloatMap, object: Mask, ignoring ignored: Mask? = nil, comparison: MaskProtocol.Comparison) {
    let finite = map.values.lazy.filter(\.isFinite)
    let low = finite.min() ?? 0
    let range = (finite.max() ?? 0) - low
    let levels = Self.levels
    // How many pixels pass exactly the first n levels.
    var (objects, others) = ([Int](repeating: 0, count: 102), [Int](repeating: 0, count: 102))
    levels.withUnsafeBufferPointer { levels in
      for (index, value) in map.values.enumerated() where ignored?.values[index] != true {
        let normalised = range > 0 ? (value - low) / range : value.isFinite ? 0 : value
        var passed = normalised > 0 ? Int(min(normalised * 100, 100)) : 0
        while passed > 0, !comparison.holds(normalised, levels[passed - 1]) { passed -= 1 }
        while passed < 101, comparison.holds(normalised, levels[passed]) { passed += 1 }
        if object.values[index] { objects[passed] += 1 } else { others[passed] += 1 }
      }
    }
    let size = objects.reduce(0, +)
    var intersections = [Int](repeating: 0, count: 101)
    var unions = intersections
    var (both, beside) = (0, 0)
    for level in stride(from: 100, through: 0, by: -1) {
      both += objects[level + 1]
      beside += others[level + 1]
      intersections[level] = both
      unions[level] = size + beside
    }
    self.intersections = intersections
    self.unions = unions
  }
}

/// IoU of masks and objects over fixed thresholds, gathered from any number of pictures in constant memory.
public struct ThresholdCurve: Codable, Hashable, Sendable {
  /// Pictures.
  public private(set) var count = 0
  private var ious = [Double](repeating: 0, count: 101)
  private var intersections = [Int](repeating: 0, count: 101)
  private var unions = [Int](repeating: 0, count: 101)

  /// A curve of nothing yet.
  public init() {}

  /// Reads a curve.
  /// - Throws: `DecodingError`, also if it has other levels than those of `ThresholdCounts`, or what nobody can have
  ///   counted.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    ious = try container.decode([Double].self, forKey: .ious)
    intersections = try container.decode([Int].self, forKey: .intersections)
    unions = try container.decode([Int].self, forKey: .unions)
    guard [ious.count, intersections.count, unions.count] == [101, 101, 101] else {
      throw DecodingError.dataCorruptedError(forKey: .ious, in: container, debugDescription: "not 101 levels")
    }
    guard ([count] + intersections + unions).allSatisfy({ (0...1 << 56).contains($0) }) else {
      throw DecodingError.dataCorruptedError(forKey: .count, in: container, debugDescription: "out of range")
    }
  }

  /// Counts a picture.
  public mutating func add(_ counts: ThresholdCounts) {
    count += 1
    for level in 0..<101 {
      let (both, either) = (counts.intersections[level], counts.unions[level])
      ious[level] += either > 0 ? Double(both) / Double(either) : 0
      intersections[level] += both
      unions[level] += either
    }
  }

  /// IoU at each level: the mean over pictures, or that of all pixels pooled.
  public func values(_ averaging: IoUAveraging) -> [Double] {
    switch averaging {
    case .pictures: ious.map { count > 0 ? $0 / Double(count) : 0 }
    case .pixels: zip(intersections, unions).map { $1 > 0 ? Double($0) / Double($1) : 0 }
    }
  }

  /// The best IoU and the lowest level that reaches it. The level is chosen on the pictures that are scored, so that
  /// the value is an upper bound rather than a forecast.
  public func best(_ averaging: IoUAveraging) -> (level: Float, iou: Double) {
    let values = values(averaging)
    let place = values.indices.max { (values[$0], $1) < (values[$1], $0) } ?? 0
    return (ThresholdCounts.levels[place], values[place])
  }
}

/// How the overlaps of pictures become one number.
public enum IoUAveraging: String, CaseIterable, Codable, Sendable {
  /// The mean of each picture's IoU: each picture counts once, whatever its size.
  case pictures
  /// All pixels of all intersections over those of all unions.
  case pixels
}
