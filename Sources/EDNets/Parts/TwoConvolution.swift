import Files
import Networks

/// The baseline that the paper compares ED with: two 3×3 convolutions of as many parameters at the resolution of their
/// input, under the names of encoder and decoder.
public struct TwoConvolution: AddedPath {
  /// What a description calls it.
  public static let kind = "twoConvolution"

  /// Groups of both convolutions.
  public var groups: Int

  private enum CodingKeys: CodingKey, CaseIterable { case groups }

  /// A path.
  public init(groups: Int) { self.groups = groups }

  /// Reads a path.
  public init(from decoder: any Decoder) throws {
    groups = try StrictFields(decoder, CodingKeys.self).required(Int.self, .groups)
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    try DescriptionError.check(
      groups: groups, divide: ["encoder filters": block.width, "decoder filters": block.outputs], in: block,
      field: field)
  }

  /// Its layers as Table I writes them.
  public func layers(in block: BlockShape) -> [String] {
    [block.width, block.outputs].map { StageTable.layer("conv", 3, $0, groups: groups) }
  }

  /// Adds the path's code and what goes to the sum.
  public func build(
    _ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder
  ) -> (encoder: Graph.NodeID, decoder: Graph.NodeID) {
    let encoder = builder.activated(
      builder.convolution(
        x, block.width, kernel: 3, groups: groups,
        (block.name + ".encoder.encoder_conv", block.name + ".encoder.encoder_bn")))
    let decoder = builder.convolution(
      encoder, builder.channels(of: x), kernel: 3, groups: groups,
      (block.name + ".decoder.decoder_conv", block.name + ".decoder.decoder_bn"))
    return (encoder, decoder)
  }
}
