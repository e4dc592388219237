import Files
import Networks
import Tensors

/// A bottleneck whose channels are split: each part goes through a 3×3 convolution of its own after the result of the
/// part before was added to it, and the last one passes ("Res2Net: a new multi-scale backbone architecture").
///
/// A block's filters are those of one part. In the first block of a stage the results are not added on, and the last
/// part is averaged over 3×3 windows, padding counted, as the published code does.
public struct Res2NetTransform: Transform {
  /// What a description calls it.
  public static let kind = "res2net"
  /// The part with its usual settings.
  public static var usual: Self? { Self() }

  /// Parts that channels are split into.
  public var scales: Int
  /// Groups of the 3×3 convolutions.
  public var groups: Int

  private enum CodingKeys: CodingKey, CaseIterable { case scales, groups }

  /// A split bottleneck.
  public init(scales: Int = 4, groups: Int = 1) {
    self.scales = scales
    self.groups = groups
  }

  /// Reads a split bottleneck: four parts and one group unless it says otherwise.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(scales: try fields.value(.scales, default: 4), groups: try fields.value(.groups, default: 1))
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    try DescriptionError.check(field + ".scales", scales, 2...16)
    try DescriptionError.check(
      groups: groups, divide: ["3×3 filters": block.filters], in: block, field: field)
  }

  /// Its layers as Table I writes them.
  public func layers(in block: BlockShape) -> [String] {
    [
      StageTable.layer("", 1, scales * block.filters),
      "\(scales - 1) of \(scales) parts: "
        + StageTable.layer("", 3, block.filters, groups: groups, dilation: block.firstDilation),
      StageTable.layer("", 1, block.outputs),
    ]
  }

  /// Adds F(x).
  public func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
  {
    let width = block.filters
    let narrowed = builder.activated(
      builder.convolution(
        x, width * scales, kernel: 1, (block.name + ".conv_conv1", block.name + ".bn_bn1")))
    var parts: [Graph.NodeID] = []
    for index in 0..<scales {
      let slice = builder.append(
        ChannelSlice(index * width..<(index + 1) * width), narrowed, channels: width)
      guard index < scales - 1 else {
        parts.append(block.isFirst ? averaged(slice, block.stride, &builder) : slice)
        continue
      }
      let joined = block.isFirst || index == 0 ? slice : builder.append(Sum(), parts[index - 1], slice)
      parts.append(
        builder.activated(
          builder.convolution(
            joined, width, kernel: 3, stride: block.stride, dilation: block.firstDilation, groups: groups,
            ("\(block.name).convs.\(index)", "\(block.name).bns.\(index)"))))
    }
    let whole = builder.append(Concatenate(), parts, channels: width * scales)
    return builder.convolution(
      whole, block.outputs, kernel: 1, (block.name + ".conv_conv3", block.name + ".bn_bn3"))
  }

  private func averaged(_ x: Graph.NodeID, _ stride: Int, _ builder: inout NetworkBuilder) -> Graph.NodeID {
    builder.append(AveragePool(ConvolutionGeometry(kernel: 3, stride: stride, padding: 1)), x)
  }
}
