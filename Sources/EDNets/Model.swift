import Checkpoints
import Networks

/// A network with its weights, and what a user needs to feed and read it.
public final class Model: Sendable {
  /// Its short name: a registered one, or the weight file's.
  public let name: String
  /// The network; all its parameters have values.
  public let network: Network
  /// What photographs go through.
  public let preprocessing: Preprocessing
  /// The name of each logit; empty if nobody told.
  public let classes: [String]
  /// Where its tensors were found; nil if that was where anybody would look.
  public let origin: WeightOrigin?
  /// What a reader should know of its file, each as the end of a sentence about it.
  public let remarks: [String]

  /// Gives a network the tensors of a checkpoint, strictly: nothing may be missing, unexpected or mis-shaped.
  /// - Throws: `CheckpointError`, `DescriptionError`.
  public init(
    name: String, description: NetworkDescription, checkpoint: Checkpoint, preprocessing: Preprocessing,
    classes: [String], origin: WeightOrigin? = nil, remarks: [String] = []
  ) throws {
    let network = try Network(description)
    let entries = try checkpoint.matched(against: network.parameters.map { ($0.name, $0.shape) })
    for (parameter, entry) in zip(network.parameters, entries) {
      let value = try entry.tensor()
      // ReLU would turn NaN into an ordinary picture of nothing.
      guard value.isFinite else {
        throw ModelError.unusableValues(
          path: checkpoint.path, tensor: entry.name, reason: "holds values that are not finite")
      }
      if parameter.role == .runningVariance, value.elements.contains(where: { $0 < 0 }) {
        throw ModelError.unusableValues(
          path: checkpoint.path, tensor: entry.name, reason: "is a variance, but holds negative values")
      }
      value.releasePages()
      parameter.value = value
    }
    self.name = name
    self.network = network
    self.preprocessing = preprocessing
    self.classes = classes
    self.origin = origin
    self.remarks = remarks
  }

  /// The same model behind other preprocessing.
  public init(_ model: Model, preprocessing: Preprocessing) {
    name = model.name
    network = model.network
    self.preprocessing = preprocessing
    classes = model.classes
    origin = model.origin
    remarks = model.remarks
  }

  /// The same model whose logits have other names.
  public init(_ model: Model, classes: [String]) {
    name = model.name
    network = model.network
    preprocessing = model.preprocessing
    self.classes = classes
    origin = model.origin
    remarks = model.remarks
  }

  /// What a user may say about the network of a weight file.
  public enum Architecture: Hashable, Sendable {
    /// A name of the registry; the number of classes follows the file.
    case named(String)
    /// A description under a name.
    case described(NetworkDescription, name: String)
  }

  /// A model from a weight file and what the user says about it; the user's word goes before the file's metadata,
  /// and that before what names and shapes tell.
  /// - Parameter variants: what is changed in the network, in turns.
  /// - Throws: `CheckpointError`, `DescriptionError`, `UnknownModel`, `ModelError`, each naming what is wrong.
  public convenience init(
    checkpoint: Checkpoint, architecture: Architecture? = nil, variants: [NetworkVariant] = [],
    preprocessing: Preprocessing? = nil, classes: [String]? = nil
  ) throws {
    let metadata = ModelMetadata(checkpoint)
    let found = try Recognition(checkpoint, said: architecture, variants: variants)
    let beside = try NeighborConfiguration(beside: checkpoint, logits: found.description.classes)
    let recorded = try metadata.classes()
    let names = classes ?? (recorded.isEmpty ? beside.classes : recorded)
    guard names.isEmpty || names.count == found.description.classes else {
      throw ModelError.classNames(
        path: checkpoint.path, expected: found.description.classes, found: names.count)
    }
    let usual = beside.adjusted(.usual(for: found.description))
    let chosen = try preprocessing ?? metadata.preprocessing() ?? usual
    try found.description.check(chosen, path: checkpoint.path)
    try self.init(
      name: found.name, description: found.description, checkpoint: found.tensors, preprocessing: chosen,
      classes: names, origin: found.origin.with(files: beside.files), remarks: found.remarks + beside.remarks)
  }
}
