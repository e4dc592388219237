import Checkpoints

/// Where a model's tensors were found in its file, and what else was there.
public struct WeightOrigin: Codable, Hashable, Sendable {
  /// The keys of the dictionary that they stand in, with dots between; none for the outermost.
  public var key: String?
  /// What stood before their names and was taken off; none if nothing did.
  public var prefix: String?
  /// The convention that their names follow.
  public var names: String
  /// The module that gives the classes; none if there is no head, or none that is understood.
  public var head: String?
  /// Tensors of the dictionary that have no place in the network.
  public var leftOver: [String]
  /// Files beside the weights that said something of the model.
  public var files: [String]

  /// Whether there is anything that a reader could not expect.
  private var isRemarkable: Bool {
    let usual = [PublishedNames().title, TorchvisionNames().title, CIFARNames().title, ""]
    return key != nil || prefix != nil || !usual.contains(names) || !leftOver.isEmpty || !files.isEmpty
      || head.map { !["fc", "linear"].contains($0) } ?? false
  }

  /// With the files beside the weights; nil if nothing is remarkable.
  func with(files: [String]) -> WeightOrigin? {
    var made = self
    made.files = files
    return made.isRemarkable ? made : nil
  }
}
