import Files
import Networks

/// 1×1, 3×3 and 1×1 convolutions, the 3×3 in groups: ResNet's bottleneck with one group, ResNeXt's with more. The step
/// of a block is that of its 3×3.
public struct BottleneckTransform: Transform {
  /// What a description calls it.
  public static let kind = "bottleneck"
  /// The part with its usual settings.
  public static var usual: Self? { Self() }

  /// Groups of the 3×3 convolution.
  public var groups: Int

  private enum CodingKeys: CodingKey, CaseIterable { case groups }

  /// A bottleneck.
  public init(groups: Int = 1) { self.groups = groups }

  /// Reads a bottleneck: one group unless it says otherwise.
  public init(from decoder: any Decoder) throws {
    groups = try StrictFields(decoder, CodingKeys.self).value(.groups, default: 1)
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    try DescriptionError.check(
      groups: groups, divide: ["3×3 filters": block.filters], in: block, field: field)
  }

  /// Its layers as Table I writes them.
  public func layers(in block: BlockShape) -> [String] {
    [
      StageTable.layer("", 1, block.filters), StageTable.layer("", 3, block.filters, groups: groups),
      StageTable.layer("", 1, block.outputs),
    ]
  }

  /// Adds F(x).
  public func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
  {
    func names(_ number: Int) -> (name: String, norm: String) {
      ("\(block.name).conv_conv\(number)", "\(block.name).bn_bn\(number)")
    }
    let narrowed = builder.convolution(x, block.filters, kernel: 1, names(1))
    let seen = builder.convolution(
      builder.relu(narrowed), block.filters, kernel: 3, stride: block.stride, groups: groups, names(2))
    return builder.convolution(builder.relu(seen), block.outputs, kernel: 1, names(3))
  }
}
