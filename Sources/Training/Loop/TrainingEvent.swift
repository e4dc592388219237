import EDNets
import Networks

/// What happens in a run, in the order in which it happens.
public enum TrainingEvent {
  /// The run begins, or goes on.
  case runBegan(RunOutline)
  /// A step changed the parameters.
  case stepEnded(StepReport)
  /// A batch of the validation was scored.
  case validationAdvanced(done: Int, total: Int)
  /// An epoch was learnt and validated.
  case epochEnded(EpochReport)
  /// The run can be continued from here.
  case checkpointWritten(path: String, step: Int)
  /// Pictures could not be read (others are learnt from in their place, and none is checked with): how many so far, and
  /// sentences about some.
  case badImages(count: Int, first: [String])
  /// The run is over.
  case runEnded(RunEnd)
}

/// A run before its first step.
public struct RunOutline: Sendable {
  /// The network.
  public var network: NetworkDescription
  /// Its learnt values.
  public var parameters: Int
  /// The classes, in the order of the logits.
  public var classes: [String]
  /// Pictures to learn from.
  public var trainImages: Int
  /// Pictures to check with.
  public var validationImages: Int
  /// Steps of an epoch.
  public var stepsPerEpoch: Int
  /// Length of the run.
  public var epochs: Int
  /// What was taken from `initFrom`.
  public var loading: LoadingReport?
  /// The steps that were done before, if the run goes on.
  public var resumedAt: Int?
  /// What a reader should know.
  public var remarks: [String]
}

/// A step of the run.
public struct StepReport: Codable, Sendable {
  /// From 1, over the whole run.
  public var step: Int
  /// From 1.
  public var epoch: Int
  /// Within the epoch, from 1.
  public var stepOfEpoch: Int
  /// Steps of an epoch.
  public var stepsPerEpoch: Int
  /// Mean loss of the step's pictures.
  public var loss: Double
  /// The learning rate.
  public var rate: Float
  /// Pictures a second, loading included.
  public var imagesPerSecond: Double
}

/// An epoch of the run.
public struct EpochReport: Codable, Sendable {
  /// Loss and accuracy on the validation pictures.
  public struct Validation: Codable, Sendable {
    /// Mean loss.
    public var loss: Double
    /// Share of pictures whose class has the highest logit.
    public var top1: Double
    /// Share of pictures whose class is among the five highest.
    public var top5: Double
    /// Wall time.
    public var seconds: Double
  }

  /// From 1.
  public var epoch: Int
  /// Steps of the run so far.
  public var step: Int
  /// The rate of the last step.
  public var rate: Float
  /// Mean loss while learning.
  public var trainLoss: Double
  /// Share of pictures that were named right while learning, under augmentation.
  public var trainTop1: Double
  /// Wall time of learning.
  public var trainSeconds: Double
  /// Pictures a second while learning.
  public var imagesPerSecond: Double
  /// None without validation pictures.
  public var validation: Validation?
  /// Whether the validation is the best so far.
  public var isBest: Bool
}

/// How a run ended.
public struct RunEnd: Sendable {
  /// Why.
  public enum Reason: Sendable, Hashable {
    /// All epochs are done.
    case finished
    /// Somebody asked it to stop; it can be continued.
    case stopped
  }

  /// Why.
  public var reason: Reason
  /// Steps of the whole run.
  public var step: Int
  /// Best top-1 on the validation pictures, and its epoch from 1.
  public var best: (top1: Double, epoch: Int)?
  /// Wall time of the whole run, its earlier parts included.
  public var seconds: Double
}
