import Datasets
import EDNets
import Networks

/// Everything that a training run depends on, as a YAML file says it. What a file leaves out has a default.
public struct Recipe: Hashable, Sendable {
  /// What the run is called; a file that does not say it is called after itself.
  public var name = "run"
  /// The network; it has as many classes as the data.
  public var network = NetworkChoice.named("cifar-ed-resnet20")
  /// Pictures to learn from and to check with.
  public var data: Data
  /// How pictures become the network's input when it is evaluated; recorded with the model. Its size is that of the
  /// crops in training, too.
  public var input = Preprocessing(size: 32, fit: .square)
  /// What happens to pictures before the network learns from them, in order.
  public var augmentation = Augmentation()
  /// Share of the batches in which parts of pictures are exchanged (CutMix).
  public var cutMix = 0.0
  /// Another network's say in the targets; none if nil.
  public var teacher: Teacher?
  /// Pictures that are computed at once.
  public var batch = 128
  /// Batches whose gradients are gathered for one step.
  public var accumulate = 1
  /// Times that every picture is learnt from.
  public var epochs = 300
  /// What is made small.
  public var loss = Loss.softmax
  /// Share of each target that is spread over all classes.
  public var labelSmoothing = 0.0
  /// Weight of the mean depth sum of the last block's output in what is made small.
  public var activityPenalty: Float = 0
  /// Weight of that depth sum's squared second differences; both as `MapPenalty` says.
  public var curvaturePenalty: Float = 0
  /// How a step changes the parameters.
  public var optimizer = Optimizer()
  /// How the rate changes over the run.
  public var schedule = Schedule(.constant)
  /// Share of the old values in the moving average that is evaluated in place of the parameters; none is kept if nil.
  public var averaging: Float?
  /// What all random numbers follow from.
  public var seed: UInt64 = 0
  /// Weights to begin with: what fits by name and shape is taken.
  public var initFrom: String?
  /// What the rate of those weights is multiplied by.
  public var initFactor: Float = 0.1
  /// When the run is saved.
  public var checkpoint = Saving()
  /// Steps from one line of the step log to the next; 0 writes epochs alone.
  public var logSteps = 50
  /// Threads to compute with; one for each core if nil.
  public var threads: Int?
  /// Memory for decoded pictures, in megabytes, so that they are decoded once.
  public var cacheMegabytes = 2048
  /// Share of the pictures that may be unreadable before the run ends; others stand for those in learning, and none in
  /// checking.
  public var maxUnreadable = 1.0
  /// Pictures whose heatmaps are drawn after every epoch.
  public var heatmaps: [String] = []

  /// A recipe with defaults for all but the data.
  public init(data: Data) { self.data = data }
}
