import Datasets
import Files

extension Recipe {
  /// Pictures to learn from and to check with.
  public struct Data: Hashable, Sendable {
    /// Learnt from.
    public var train: DatasetSource
    /// Scored after every epoch; nothing is if nil.
    public var validation: DatasetSource?

    /// The sources of a run.
    public init(train: DatasetSource, validation: DatasetSource? = nil) {
      self.train = train
      self.validation = validation
    }
  }

  /// Stochastic gradient descent.
  public struct Optimizer: Hashable, Sendable {
    /// The rate that the schedule multiplies; the peak of a cycle.
    public var rate: Float = 0.1
    /// Share of the last direction that is kept.
    public var momentum: Float = 0.9
    /// Looks ahead along the direction.
    public var nesterov = false
    /// Times the parameter, added to its gradient.
    public var weightDecay: Float = 1e-4
    /// Whether biases and batch normalisation are decayed as well, as torch.optim.SGD does if it is not told otherwise.
    public var decayNorms = true

    /// The paper's numbers.
    public init() {}
  }

  /// Another network's say in what the network should say.
  public struct Teacher: Hashable, Sendable {
    /// A file of logits for every picture to learn from, as `TeacherLabels` says.
    public var labels: String
    /// Its share in each target; the rest is the label's.
    public var share: Float
    /// Weight of the loss by which the last block's output is to hold the teacher's features, as `FeatureMatch` says; the file
    /// has them beside the logits.
    public var features: Float

    /// A say of a share.
    public init(labels: String, share: Float = 1, features: Float = 0) {
      self.labels = labels
      self.share = share
      self.features = features
    }
  }

  /// When the run is saved, beside its end and an interruption.
  public struct Saving: Hashable, Sendable {
    /// After so many epochs.
    public var epochs = 1
    /// Within an epoch, after so many minutes; not if nil.
    public var minutes: Float? = 10

    /// After every epoch and ten minutes.
    public init() {}
  }
}

extension Recipe.Data: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case train, validation }

  /// Reads `train` and `validation`.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      train: try fields.required(DatasetSource.self, .train),
      validation: try fields.optional(DatasetSource.self, .validation))
  }

  /// Writes both.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(train, forKey: .train)
    try container.encode(validation, forKey: .validation)
  }
}

extension Recipe.Optimizer: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case rate, momentum, nesterov, weightDecay, decayNorms
  }

  /// Reads the fields that are there.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    rate = try fields.value(.rate, default: rate)
    momentum = try fields.value(.momentum, default: momentum)
    nesterov = try fields.value(.nesterov, default: nesterov)
    weightDecay = try fields.value(.weightDecay, default: weightDecay)
    decayNorms = try fields.value(.decayNorms, default: decayNorms)
  }
}

extension Recipe.Teacher: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case labels, share, features }

  /// Reads `labels`, and `share` and `features`, which are 1 and 0 where they are left out.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      labels: try fields.required(String.self, .labels), share: try fields.value(.share, default: 1),
      features: try fields.value(.features, default: 0))
  }

  /// Writes the fields; features only if they are asked for.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(labels, forKey: .labels)
    try container.encode(share, forKey: .share)
    if features > 0 { try container.encode(features, forKey: .features) }
  }
}

extension Recipe.Saving: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case epochs, minutes }

  /// Reads the fields that are there; `minutes` may be null.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    epochs = try fields.value(.epochs, default: epochs)
    if fields.has(.minutes) { minutes = try fields.optional(Float.self, .minutes) }
  }

  /// Writes both fields.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(minutes, forKey: .minutes)
  }
}
