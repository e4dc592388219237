import Files
import Networks

/// 1×1, 3×3 and 1×1 convolutions, the 3×3 in groups: ResNet's bottleneck with one group, ResNeXt's with more. The step
/// of a block is that of its 3×3, or of its first 1×1 ("caffe": as first published, and in Detectron).
public struct BottleneckTransform: Transform {
  /// What a description calls it.
  public static let kind = "bottleneck"
  /// The part with its usual settings.
  public static var usual: Self? { Self() }

  /// Groups of the 3×3 convolution.
  public var groups: Int
  /// Whether the first 1×1 convolution takes the block's step.
  public var stridesFirst: Bool

  private enum CodingKeys: CodingKey, CaseIterable { case groups, stridesFirst }

  /// A bottleneck.
  public init(groups: Int = 1, stridesFirst: Bool = false) {
    self.groups = groups
    self.stridesFirst = stridesFirst
  }

  /// Reads a bottleneck: one group and the step in its 3×3 unless it says otherwise.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      groups: try fields.value(.groups, default: 1),
      stridesFirst: try fields.value(.stridesFirst, default: false))
  }

  /// Writes everything that is not as it is when nothing is said, and the groups.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(groups, forKey: .groups)
    if stridesFirst { try values.encode(stridesFirst, forKey: .stridesFirst) }
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    try DescriptionError.check(
      groups: groups, divide: ["3×3 filters": block.filters], in: block, field: field)
  }

  /// Its layers as Table I writes them.
  public func layers(in block: BlockShape) -> [String] {
    [
      StageTable.layer("", 1, block.filters),
      StageTable.layer("", 3, block.filters, groups: groups, dilation: block.firstDilation),
      StageTable.layer("", 1, block.outputs),
    ]
  }

  /// Adds F(x).
  public func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
  {
    let narrowed = builder.layer(
      1, x, block.filters, kernel: 1, stride: stridesFirst ? block.stride : 1, in: block)
    let seen = builder.layer(
      2, narrowed, block.filters, kernel: 3, stride: stridesFirst ? 1 : block.convolutionStride,
      dilation: block.firstDilation, groups: groups, in: block)
    return builder.layer(
      3, isLast: true, builder.antialiased(seen, in: block), block.outputs, kernel: 1, in: block)
  }
}
