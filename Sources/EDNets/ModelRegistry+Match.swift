import Checkpoints
import Networks

extension ModelRegistry {
  /// The registered network whose parameters are exactly those of a checkpoint under canonical names, with as many
  /// classes as its head has and as many ED groups as its first encoder tells; nil if there is none.
  ///
  /// Option-A and projection shortcuts are told apart by their parameters; what has none (strides) cannot be.
  static func match(_ checkpoint: Checkpoint) -> (name: String, description: NetworkDescription)? {
    guard let classes = checkpoint["fc.weight"]?.shape.first else { return nil }
    let blocks = Set(
      checkpoint.lazy.map(\.name).filter { $0.hasPrefix("layer") }.map {
        $0.split(separator: ".").prefix(2).joined(separator: ".")
      }
    ).count
    let groups = encoderGroups(checkpoint)
    // Where ED and the two convolutions have parameters of the same shapes, ED is taken: it is listed first.
    let candidates = names.filter {
      !$0.hasSuffix("-g1") && ($0.contains("ed-") || $0.contains("twoconv-")) == (groups != nil)
    }
    .flatMap { name in [name] + (groups.map { ["\(name)-g\($0)"] } ?? []) }
    for name in candidates {
      guard let description = try? description(named: name, classes: classes),
        description.blockCount == blocks, let network = try? Network(description)
      else { continue }
      let expected = network.parameters.map { ($0.name, $0.shape) }
      if (try? checkpoint.matched(against: expected)) != nil { return (name, description) }
    }
    return nil
  }

  private static func encoderGroups(_ checkpoint: Checkpoint) -> Int? {
    let prefix = "layer1.layer1_block_0."
    guard let encoder = checkpoint[prefix + "encoder.encoder_conv.weight"]?.shape, encoder.count == 4,
      encoder[1] > 0, let channels = checkpoint[prefix + "decoder.decoder_bn.weight"]?.shape.first
    else { return nil }
    return channels / encoder[1]
  }
}

extension Preprocessing {
  /// What networks of this kind are usually fed: CIFAR's 32 pixels for a stem of stride 1, ImageNet's 224 else.
  public static func usual(for description: NetworkDescription) -> Preprocessing {
    Preprocessing(size: description.stem.stride == 1 ? 32 : 224)
  }
}
