import Checkpoints
import Networks

extension ModelRegistry {
  /// The registered network whose stem and blocks have exactly the parameters of a checkpoint under canonical names, with as
  /// many groups in the added path as its first encoder tells and the window that its first decoder has; nil if there is
  /// none.
  ///
  /// What has no parameters (strides, an identity that is left out) cannot be told: the first in the list is taken.
  static func match(_ body: Checkpoint) -> (name: String, description: NetworkDescription)? {
    registered(body) ?? NetworkReading(body)?.match(body)
  }

  private static func registered(_ body: Checkpoint) -> (name: String, description: NetworkDescription)? {
    let blocks = blockCount(of: body)
    let hasPath = encoderGroups(body) != nil
    for name in candidates(for: body, among: paperNames) {
      guard let description = try? description(named: name),
        description.blockCount == blocks, (description.path != nil) == hasPath,
        let expected = bodyParameters(of: description)
      else { continue }
      if body.mismatch(with: expected) == nil { return (name, description) }
    }
    return nil
  }

  /// Names of all networks that a checkpoint may belong to.
  static func candidates(for body: Checkpoint, among names: [String]) -> [String] {
    let groups = encoderGroups(body)
    let window = body[firstBlock + "decoder.decoder_conv.weight"]?.shape.last == 4 ? "-k4" : ""
    return names.filter { !$0.hasSuffix("-g1") && !$0.hasSuffix("-k4") }
      .flatMap { name in [name + window] + (groups.map { ["\(name)-g\($0)\(window)"] } ?? []) }
  }

  /// Blocks that a checkpoint under canonical names has tensors of.
  static func blockCount(of body: Checkpoint) -> Int {
    Set(
      body.lazy.map(\.name).filter { $0.hasPrefix("layer") }.map {
        $0.split(separator: ".").prefix(2).joined(separator: ".")
      }
    ).count
  }

  /// The parameters of a network without those of its head; nil if it cannot be built.
  static func bodyParameters(of description: NetworkDescription) -> [(name: String, shape: [Int])]? {
    var headless = description
    headless.classes = 0
    return (try? Network(headless))?.parameters.map { ($0.name, $0.shape) }
  }

  private static let firstBlock = "layer1.layer1_block_0."

  private static func encoderGroups(_ checkpoint: Checkpoint) -> Int? {
    guard let encoder = checkpoint[firstBlock + "encoder.encoder_conv.weight"]?.shape, encoder.count == 4,
      encoder[1] > 0, let channels = checkpoint[firstBlock + "decoder.decoder_bn.weight"]?.shape.first
    else { return nil }
    return channels / encoder[1]
  }
}

extension Preprocessing {
  /// What networks of this kind are usually fed: CIFAR's 32 pixels for a stem of stride 1, ImageNet's 224 else.
  ///
  /// A network of one channel is fed grey levels, less the mean of ImageNet's three means, over that of its deviations.
  public static func usual(for description: NetworkDescription) -> Preprocessing {
    let size = description.stem.stride == 1 ? 32 : 224
    guard description.stem.channels == 1 else { return Preprocessing(size: size) }
    return Preprocessing(size: size, mean: [0.449], standardDeviation: [0.226])
  }
}
