/// The plain networks that others are made from: a family and a depth.
struct Architecture {
  var stem: NetworkDescription.Stem
  var transform: any Transform
  var stages: [NetworkDescription.Stage]
  /// Number of logits where nothing is said.
  var classes: Int

  /// Families of networks for ImageNet's pictures.
  enum Family: String, CaseIterable {
    case resnet, resnext, res2net, res2next
  }

  /// Blocks of each stage; depth 26 is 50 with two blocks a stage, 14 with one.
  static func blocks(depth: Int) -> [Int]? {
    switch depth {
    case 10, 14: [1, 1, 1, 1]
    case 18, 26: [2, 2, 2, 2]
    case 34, 50: [3, 4, 6, 3]
    case 101: [3, 4, 23, 3]
    case 152: [3, 8, 36, 3]
    case 200: [3, 24, 36, 3]
    case 269: [3, 30, 48, 8]
    default: nil
    }
  }

  /// The depths that `blocks` knows.
  static let depths = [10, 14, 18, 26, 34, 50, 101, 152, 200, 269]

  /// Whether networks of a depth have basic blocks.
  static func isBasic(depth: Int) -> Bool { [10, 18, 34].contains(depth) }

  /// ResNet ("Deep residual learning for image recognition", Table 1), ResNeXt 32×4d, Res2Net 26w×4s and Res2NeXt
  /// 4w×4s×8c. Nil for another depth.
  static func imageNet(_ family: Family, depth: Int) -> Architecture? {
    let isBasic = isBasic(depth: depth)
    guard !isBasic || family == .resnet, let blocks = blocks(depth: depth) else { return nil }
    let transform: any Transform
    switch family {
    case .resnet: transform = isBasic ? BasicTransform() : BottleneckTransform()
    case .resnext: transform = BottleneckTransform(groups: 32)
    case .res2net: transform = Res2NetTransform(scales: 4)
    case .res2next: transform = Res2NetTransform(scales: 4, groups: 8)
    }
    let stages = blocks.enumerated().map { index, count in
      let planes = 64 << index
      return NetworkDescription.Stage(
        blocks: count, width: family == .resnext ? 2 * planes : planes, outputs: isBasic ? nil : 4 * planes,
        filters: family == .res2net ? planes * 26 / 64 : family == .res2next ? planes / 2 : nil,
        stride: index == 0 ? 1 : 2)
    }
    return Architecture(
      stem: NetworkDescription.Stem(kernel: 7, stride: 2, filters: 64, maxPool: true), transform: transform,
      stages: stages, classes: 1000)
  }

  /// ResNet of depth 6n + 2 ("Deep residual learning for image recognition", section 4.2).
  static func cifarResNet(depth: Int) -> Architecture? {
    guard depth >= 8, depth <= 1202, (depth - 2) % 6 == 0 else { return nil }
    return Architecture(
      stem: NetworkDescription.Stem(kernel: 3, stride: 1, filters: 16, maxPool: false),
      transform: BasicTransform(),
      stages: [16, 32, 64].map {
        NetworkDescription.Stage(blocks: (depth - 2) / 6, width: $0, stride: $0 == 16 ? 1 : 2)
      }, classes: 10)
  }

  /// ResNeXt-29, 8×64d ("Aggregated residual transformations for deep neural networks", section 5.3): each stage twice
  /// as many 3×3 filters as outputs.
  static func cifarResNeXt(depth: Int) -> Architecture? {
    guard depth == 29 else { return nil }
    return Architecture(
      stem: NetworkDescription.Stem(kernel: 3, stride: 1, filters: 64, maxPool: false),
      transform: BottleneckTransform(groups: 8),
      stages: [512, 1024, 2048].map {
        NetworkDescription.Stage(blocks: 3, width: $0, outputs: $0 / 2, stride: $0 == 512 ? 1 : 2)
      }, classes: 10)
  }
}

extension Architecture {
  /// The paper's -A: F loses {4, 8, 16, 32} 3×3 filters in ResNets, and {20, 40, 80, 160} in ResNeXts, which then have
  /// 36 groups (section V-A-3). Nil for other families.
  var lightened: Architecture? {
    guard let bottleneck = transform as? BottleneckTransform else { return nil }
    var made = self
    made.transform = BottleneckTransform(groups: bottleneck.groups == 32 ? 36 : bottleneck.groups)
    for index in stages.indices {
      let width = stages[index].width
      made.stages[index].filters = bottleneck.groups == 32 ? width - width * 5 / 32 : width - width / 16
    }
    return made
  }

  /// F with a share of its 3×3 filters: half in the paper's -B (section V-A-4), a quarter to three quarters in Table
  /// XVII. Nil for other families, and where nothing whole remains.
  func keeping(percent: Int) -> Architecture? {
    guard transform is BottleneckTransform, (1...99).contains(percent) else { return nil }
    var made = self
    for index in stages.indices {
      guard stages[index].width * percent % 100 == 0 else { return nil }
      made.stages[index].filters = stages[index].width * percent / 100
    }
    return made
  }
}
