import Checkpoints
import Networks

/// A network without added paths and head as canonical names and shapes of its parameters tell it.
///
/// Steps have no parameters. They are taken to be those of ImageNet's networks behind a 7×7 or a deep stem (2 and a
/// max-pooling; 1, 2, 2, 2 …), and of CIFAR's behind a 3×3 one (1; 1, 2, 2 …).
struct NetworkReading {
  /// The network.
  let description: NetworkDescription
  private let shapes: [String: [Int]]

  /// Reads a checkpoint; nil if it holds no such network.
  init?(_ checkpoint: Checkpoint) {
    shapes = Dictionary(checkpoint.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    guard let stem = Self.stem(shapes) else { return nil }
    var stages: [NetworkDescription.Stage] = []
    while stages.count < 16,
      let stage = Self.stage(shapes, number: stages.count + 1, isFirst: stages.isEmpty)
    {
      stages.append(stage)
    }
    guard !stages.isEmpty, let transform = Self.transform(shapes) else { return nil }
    let names = shapes.keys
    let isPreactivated = shapes["norm.weight"] != nil
    // Before pre-activated blocks all projections have one name: timm pools them where the stem is deep.
    let isPooled =
      isPreactivated && !stem.deep.isEmpty || names.contains { $0.contains(".shortcut.pooled_conv.") }
    let isProjected = names.contains { $0.contains(".shortcut.shortcut_conv.") }
    let shortcut: NetworkDescription.Shortcut =
      isPooled ? .pooledProjection : isProjected ? .projection : .subsample
    description = NetworkDescription(
      stem: stem, transform: transform,
      gate: Self.gate(shapes, outputs: stages[0].outputs ?? stages[0].width),
      stages: stages, shortcut: shortcut, preactivation: isPreactivated, classes: 0)
  }

  /// The network and its name, if every tensor has its place in it; the file's name where none is registered.
  func match(_ checkpoint: Checkpoint) -> (name: String, description: NetworkDescription)? {
    guard let expected = ModelRegistry.bodyParameters(of: description),
      checkpoint.mismatch(with: expected) == nil
    else { return nil }
    return (name ?? ModelMetadata(checkpoint).name, description)
  }

  private static func stem(_ shapes: [String: [Int]]) -> NetworkDescription.Stem? {
    let single = shapes["conv1.weight"].map { [$0] }
    let convolutions =
      single ?? (0..<8).lazy.map { shapes["conv1.\(3 * $0).weight"] }.prefix { $0 != nil }.compactMap { $0 }
    guard let first = convolutions.first, let last = convolutions.last,
      convolutions.allSatisfy({ $0.count == 4 && $0[2] == first[2] && $0[3] == first[2] })
    else { return nil }
    let (kernel, isDeep) = (first[2], convolutions.count > 1)
    guard isDeep ? kernel == 3 : kernel == 3 || kernel == 7 else { return nil }
    let isSmall = !isDeep && kernel == 3
    return NetworkDescription.Stem(
      channels: first[1], deep: convolutions.dropLast().map { $0[0] }, kernel: kernel,
      stride: isSmall ? 1 : 2,
      filters: last[0], maxPool: !isSmall)
  }

  private static func block(_ stage: Int, _ position: Int) -> String {
    "layer\(stage).layer\(stage)_block_\(position)."
  }

  /// A convolution's shape.
  private static func convolution(_ shapes: [String: [Int]], _ name: String) -> [Int]? {
    shapes[name + ".weight"].flatMap { $0.count == 4 && $0.allSatisfy { $0 > 0 } ? $0 : nil }
  }

  private static func stage(
    _ shapes: [String: [Int]], number: Int, isFirst: Bool
  ) -> NetworkDescription.Stage? {
    let place = block(number, 0)
    guard let first = convolution(shapes, place + "conv_conv1") else { return nil }
    let count = (0..<1025).first { convolution(shapes, block(number, $0) + "conv_conv1") == nil } ?? 1025
    let stride = isFirst ? 1 : 2
    guard let last = convolution(shapes, place + "conv_conv3") else {
      guard let second = convolution(shapes, place + "conv_conv2") else { return nil }
      return NetworkDescription.Stage(
        blocks: count, width: second[0], filters: first[0] == second[0] ? nil : first[0], stride: stride)
    }
    let outputs = last[0]
    if let split = convolution(shapes, place + "convs.0") {
      return NetworkDescription.Stage(
        blocks: count, width: max(1, outputs / 4), outputs: outputs, filters: split[0], stride: stride)
    }
    guard let seen = convolution(shapes, place + "conv_conv2") else { return nil }
    return NetworkDescription.Stage(blocks: count, width: seen[0], outputs: outputs, stride: stride)
  }

  private static func transform(_ shapes: [String: [Int]]) -> (any Transform)? {
    let place = block(1, 0)
    if let split = convolution(shapes, place + "convs.0") {
      let scales = (0..<16).first { convolution(shapes, "\(place)convs.\($0)") == nil } ?? 16
      return Res2NetTransform(scales: scales + 1, groups: max(1, split[0] / split[1]))
    }
    guard convolution(shapes, place + "conv_conv3") != nil else { return BasicTransform() }
    return convolution(shapes, place + "conv_conv2").map {
      BottleneckTransform(groups: max(1, $0[0] / $0[1]))
    }
  }

  private static func gate(_ shapes: [String: [Int]], outputs: Int) -> (any Gate)? {
    let place = block(1, 0)
    if let hidden = shapes[place + "fc_reduction.weight"]?.first, hidden > 0 {
      return SqueezeExcitation(reduction: max(1, outputs / hidden))
    }
    if let hidden = shapes[place + "cbam.ChannelGate.mlp.1.weight"]?.first, hidden > 0 {
      let kernel = shapes[place + "cbam.SpatialGate.spatial.conv.weight"]?.last ?? 7
      return CBAM(reduction: max(1, outputs / hidden), kernel: kernel)
    }
    guard let kernel = shapes[place + "eca.conv.weight"]?.last else { return nil }
    // Windows that follow the channels are all of this one's size only where the channels are few.
    let stages = (1...16).prefix { shapes[block($0, 0) + "eca.conv.weight"] != nil }
    let isPapers = stages.allSatisfy { stage in
      guard
        let scale = (shapes[block(stage, 0) + "bn_bn3.weight"] ?? shapes[block(stage, 0) + "bn_bn2.weight"])?
          .first
      else { return false }
      return shapes[block(stage, 0) + "eca.conv.weight"]?.last
        == EfficientChannelAttention.kernel(channels: scale)
    }
    return EfficientChannelAttention(kernel: isPapers ? nil : kernel)
  }
}

extension NetworkReading {
  /// The name of the network, put together of a depth and the variants that shapes tell; nil if none gives it.
  private var name: String? {
    let blocks = description.stages.map(\.blocks)
    var bases: [String] = []
    let gate = description.gate.map { type(of: $0).kind }
    let prefix =
      ["": "", SqueezeExcitation.kind: "se-", CBAM.kind: "cbam-", EfficientChannelAttention.kind: "eca-"][
        gate ?? ""] ?? ""
    let groups = (description.transform as? BottleneckTransform)?.groups ?? 1
    let families = Architecture.Family.allCases.filter { $0 != (groups > 1 ? .resnet : .resnext) }
    for depth in Architecture.depths where Architecture.blocks(depth: depth) == blocks {
      bases += families.map { prefix + $0.rawValue + "\(depth)" }
    }
    if blocks.count == 3, Set(blocks).count == 1 { bases.append("cifar-\(prefix)resnet\(6 * blocks[0] + 2)") }
    let stems = [""] + NetworkVariant.Stem.allCases.map { "-" + $0.rawValue } + ["-cifar-stem"]
    let widths =
      groups > 1
      ? ["", "-\(groups)x\(description.stages[0].width / groups)d"] : [""] + (2...4).map { "-wide-\($0)" }
    let shortcut = description.shortcut == .subsample ? "-option-a" : ""
    let order = description.preactivation ? "-v2" : ""
    let channels = description.stem.channels == 3 ? "" : "-channels-\(description.stem.channels)"
    for base in bases {
      for stem in stems {
        for width in widths {
          let name = base + stem + width + shortcut + order + channels
          var found = try? ModelRegistry.description(named: name)
          found?.classes = description.classes
          if found == description { return name }
        }
      }
    }
    return nil
  }
}
