/// Everything that a run of scoring found: what tables, records, charts and reports are made of.
public struct LocalisationResults: Sendable {
  /// How scores were computed and summarised.
  public struct Rules: Codable, Hashable, Sendable {
    /// How the mask IoU of pictures becomes one.
    public var averaging: IoUAveraging
    /// Of the pointing game, in pixels.
    public var tolerance: Double
    /// Resamples of the bootstrap, and permutations of the test.
    public var resamples: Int
    /// What they follow from.
    public var seed: UInt64

    /// The default rules unless given.
    public init(
      averaging: IoUAveraging = .pictures, tolerance: Double = 0, resamples: Int = 2000, seed: UInt64 = 0
    ) {
      self.averaging = averaging
      self.tolerance = tolerance
      self.resamples = resamples
      self.seed = seed
    }
  }

  /// What one setting scored.
  public struct Row: Sendable {
    /// The setting.
    public let setting: LocalisationSetting
    /// Each metric that has a value, with its 95 % interval.
    public let scores: [LocalisationMetric: Estimate]
    /// Pictures whose mask was empty; they count with 0.
    public let emptyMasks: Int
    /// Mask IoU at fixed thresholds; none for a trivial mask.
    public let curve: ThresholdCurve?
  }

  /// How much better a row is than the first.
  public struct Difference: Sendable {
    /// Position of the row.
    public let row: Int
    /// The metric.
    public let metric: LocalisationMetric
    /// Its value less that of the first row, with the paired 95 % interval.
    public let difference: Estimate
    /// Two-sided p of the paired sign-flip permutation test, not corrected for their number.
    public let pValue: Double
  }

  /// How masks were made.
  public let maskProtocol: MaskProtocol
  /// How scores were computed and summarised.
  public let rules: Rules
  /// The scores of each picture.
  public let scores: LocalisationScores
  /// The settings' scores, those of trivial masks last.
  public let rows: [Row]
  /// All rows but the first, metric by metric.
  public let differences: [Difference]
  /// What was scored and what not.
  public let counts: LocalisationCounts

  /// Summarises a run.
  public init(
    _ scores: LocalisationScores, curves: [ThresholdCurve], counts: LocalisationCounts,
    maskProtocol: MaskProtocol, rules: Rules
  ) {
    self.maskProtocol = maskProtocol
    self.rules = rules
    self.scores = scores
    self.counts = counts
    let bootstrap = Bootstrap(resamples: rules.resamples, seed: rules.seed)
    let test = SignFlipTest(permutations: rules.resamples, seed: rules.seed)
    var estimates = [[LocalisationMetric: Estimate]](repeating: [:], count: scores.settings.count)
    var differences: [Difference] = []
    // One metric at a time: the columns of all would be as much again as the scores themselves.
    for metric in LocalisationMetric.allCases {
      let columns = scores.settings.indices.map {
        metric.column(scores, setting: $0, averaging: rules.averaging)
      }
      let present = columns.indices.filter { columns[$0].value != nil }
      guard !present.isEmpty else { continue }
      let resampled = bootstrap.values(of: present.map { columns[$0] })
      for (row, values) in zip(present, resampled) {
        guard let value = columns[row].value, let interval = Bootstrap.interval(of: values) else { continue }
        estimates[row][metric] = Estimate(value: value, low: interval.low, high: interval.high)
      }
      guard present.first == 0, let base = columns[0].value, present.count > 1 else { continue }
      let others = present.dropFirst()
      let pValues = test.pValues(of: others.map { (columns[0], columns[$0]) })
      for (position, row) in others.enumerated() {
        let paired = zip(resampled[position + 1], resampled[0]).map { $0 - $1 }
        guard let value = columns[row].value, let interval = Bootstrap.interval(of: paired),
          let pValue = pValues[position]
        else { continue }
        let difference = Estimate(value: value - base, low: interval.low, high: interval.high)
        differences.append(Difference(row: row, metric: metric, difference: difference, pValue: pValue))
      }
    }
    rows = scores.settings.indices.map { row in
      Row(
        setting: scores.settings[row], scores: estimates[row],
        emptyMasks: scores.values(.maskArea, setting: row).count { $0 == 0 },
        curve: curves.indices.contains(row) ? curves[row] : nil)
    }
    self.differences = differences
  }

  /// Positions of the pictures with the lowest mask IoU under a setting, the lowest first.
  public func worst(_ count: Int, setting: Int = 0) -> [Int] {
    Array(scores.ranking(by: .maskIoU, setting: setting).prefix(count))
  }

  /// Positions of the pictures with the highest mask IoU under a setting, the highest first.
  public func best(_ count: Int, setting: Int = 0) -> [Int] {
    scores.ranking(by: .maskIoU, setting: setting).reversed().prefix(count).map { $0 }
  }
}
