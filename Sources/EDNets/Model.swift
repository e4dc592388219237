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
  /// What a reader should know of how the network was told from the weights.
  public let remarks: [String]

  /// Gives a network the tensors of a checkpoint, strictly: nothing may be missing, unexpected or mis-shaped.
  /// - Throws: `CheckpointError`, `DescriptionError`.
  public init(
    name: String, description: NetworkDescription, checkpoint: Checkpoint, preprocessing: Preprocessing,
    classes: [String], remarks: [String] = []
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
    self.remarks = remarks
  }

  /// The same model behind other preprocessing.
  public init(_ model: Model, preprocessing: Preprocessing) {
    name = model.name
    network = model.network
    self.preprocessing = preprocessing
    classes = model.classes
    remarks = model.remarks
  }

  /// The same model whose logits have other names.
  public init(_ model: Model, classes: [String]) {
    name = model.name
    network = model.network
    preprocessing = model.preprocessing
    self.classes = classes
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
    let canonical = try checkpoint.withCanonicalNames()
    let metadata = ModelMetadata(checkpoint)
    let found = try Self.architecture(of: canonical, metadata, said: architecture)
    var description = found.description
    for variant in variants { description = try variant.applied(to: description) }
    let name = ([found.name] + variants.filter { $0 != .plain }.map(\.word)).joined(separator: "-")
    let classes = try classes ?? metadata.classes()
    guard classes.isEmpty || classes.count == description.classes else {
      throw ModelError.classNames(
        path: checkpoint.path, expected: description.classes, found: classes.count)
    }
    let preprocessing = try preprocessing ?? metadata.preprocessing() ?? .usual(for: description)
    try description.check(preprocessing, path: checkpoint.path)
    try self.init(
      name: name, description: description, checkpoint: canonical, preprocessing: preprocessing,
      classes: classes,
      remarks: description.remarks(
        name: name, path: checkpoint.path, isTold: !found.isRead || !variants.isEmpty))
  }

  private static func architecture(
    of checkpoint: Checkpoint, _ metadata: ModelMetadata, said: Architecture?
  ) throws -> (name: String, description: NetworkDescription, isRead: Bool) {
    switch said {
    case .named(let name):
      let classes = checkpoint["fc.weight"]?.shape.first
      var description = try ModelRegistry.description(named: name, classes: classes)
      let stem = checkpoint["conv1.weight"] ?? checkpoint["conv1.0.weight"]
      if let shape = stem?.shape, shape.count == 4 { description.stem.channels = shape[1] }
      return (name, description, false)
    case .described(let description, let name): return (name, description, false)
    case nil:
      if let recorded = try metadata.network() { return (metadata.name, recorded, false) }
      if let matched = ModelRegistry.match(checkpoint) { return (matched.name, matched.description, true) }
      throw ModelError.unrecognizedNetwork(path: checkpoint.path)
    }
  }
}
