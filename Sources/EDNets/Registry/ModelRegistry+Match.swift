import Checkpoints
import Networks

extension ModelRegistry {
  /// The registered network whose parameters are exactly those of a checkpoint under canonical names, with as many
  /// classes as its head has, as many groups in the added path as its first encoder tells and the window that its first
  /// decoder has; nil if there is none.
  ///
  /// What has no parameters (strides, an identity that is left out) cannot be told: the first in the list is taken.
  static func match(_ checkpoint: Checkpoint) -> (name: String, description: NetworkDescription)? {
    registered(checkpoint) ?? NetworkReading(checkpoint)?.match(checkpoint)
  }

  private static func registered(
    _ checkpoint: Checkpoint
  ) -> (name: String, description: NetworkDescription)? {
    guard let classes = checkpoint["fc.weight"]?.shape.first else { return nil }
    let blocks = Set(
      checkpoint.lazy.map(\.name).filter { $0.hasPrefix("layer") }.map {
        $0.split(separator: ".").prefix(2).joined(separator: ".")
      }
    ).count
    let groups = encoderGroups(checkpoint)
    let window = checkpoint[firstBlock + "decoder.decoder_conv.weight"]?.shape.last == 4 ? "-k4" : ""
    let candidates = paperNames.filter { !$0.hasSuffix("-g1") && !$0.hasSuffix("-k4") }
      .flatMap { name in [name + window] + (groups.map { ["\(name)-g\($0)\(window)"] } ?? []) }
    for name in candidates {
      guard let description = try? description(named: name, classes: classes),
        description.blockCount == blocks, (description.path != nil) == (groups != nil),
        let network = try? Network(description)
      else { continue }
      let expected = network.parameters.map { ($0.name, $0.shape) }
      if (try? checkpoint.matched(against: expected)) != nil { return (name, description) }
    }
    return nil
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
