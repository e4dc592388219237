/// How the learning rate changes over a run, as data.
///
/// `constant`, `step` and `multiStep` change between epochs, which are counted from the beginning of the run whether
/// there is a warm-up or not; a warm-up multiplies them. `cosine` and `oneCycle` change with every step, and run over
/// the steps that the warm-up leaves.
public struct Schedule: Hashable, Sendable {
  /// The course without its warm-up.
  public enum Course: Hashable, Sendable {
    /// The base rate throughout.
    case constant
    /// Multiplied by `factor` after every `every` epochs, as torch's StepLR.
    case step(every: Int, factor: Float)
    /// Multiplied by `factor` at the beginning of each of these epochs (the first is 0), as torch's MultiStepLR.
    case multiStep(milestones: [Int], factor: Float)
    /// Half a cosine from the base rate down to `floor`, as torch's CosineAnnealingLR stepped with every step.
    case cosine(floor: Float)
    /// Up to the base rate and down again.
    case oneCycle(OneCycle)
  }

  /// The numbers of a cycle, as torch's OneCycleLR; its peak is the base rate.
  public struct OneCycle: Hashable, Sendable {
    /// Share of the run at which the peak stands (torch's pct_start).
    public var peak: Float
    /// The rate begins at the peak over this (div_factor).
    public var initialDivision: Float
    /// It ends at the first rate over this (final_div_factor).
    public var finalDivision: Float
    /// Straight lines instead of half cosines (anneal_strategy).
    public var isLinear: Bool

    /// A cycle; the defaults are torch's.
    public init(
      peak: Float = 0.3, initialDivision: Float = 25, finalDivision: Float = 10_000, isLinear: Bool = false
    ) {
      self.peak = peak
      self.initialDivision = initialDivision
      self.finalDivision = finalDivision
      self.isLinear = isLinear
    }
  }

  /// A straight rise before the course, as torch's LinearLR stepped with every step.
  public struct WarmUp: Hashable, Sendable {
    /// How long it takes; parts of an epoch are rounded to steps.
    public var epochs: Float
    /// What the rate is multiplied by at the first step.
    public var startFactor: Float

    /// A warm-up.
    public init(epochs: Float, startFactor: Float = 0.1) {
      self.epochs = epochs
      self.startFactor = startFactor
    }
  }

  /// The course without its warm-up.
  public var course: Course
  /// The rise before it.
  public var warmUp: WarmUp?

  /// A schedule.
  public init(_ course: Course, warmUp: WarmUp? = nil) {
    self.course = course
    self.warmUp = warmUp
  }
}
