import Files
import Networks

/// Two 3×3 convolutions ("Deep residual learning for image recognition", Fig. 5, left).
public struct BasicTransform: Transform {
  /// What a description calls it.
  public static let kind = "basic"
  /// The part with its usual settings.
  public static var usual: Self? { Self() }

  private enum CodingKeys: CodingKey, CaseIterable {}

  /// The branch has no settings.
  public init() {}

  /// Reads a branch; keys are an error.
  public init(from decoder: any Decoder) throws { try decoder.refuseKeys(otherThan: CodingKeys.self) }

  /// Its layers as Table I writes them.
  public func layers(in block: BlockShape) -> [String] {
    [
      StageTable.layer("", 3, block.filters, dilation: block.firstDilation),
      StageTable.layer("", 3, block.outputs, dilation: block.dilation),
    ]
  }

  /// Adds F(x).
  public func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
  {
    let first = builder.layer(
      1, x, block.filters, kernel: 3, stride: block.convolutionStride, dilation: block.firstDilation,
      in: block)
    return builder.layer(
      2, isLast: true, builder.antialiased(first, in: block), block.outputs, kernel: 3,
      dilation: block.dilation, in: block)
  }
}
