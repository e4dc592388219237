import Files
import Networks
import Tensors

/// The paper's ED path: a 3×3 convolution that shrinks the map and a 3×3 transposed convolution back to its size, both
/// in groups (section III-A). There is no ReLU behind the decoder, "to avoid removing negative responses" (section IV).
public struct EncoderDecoder: AddedPath {
  /// What a description calls it.
  public static let kind = "encoderDecoder"

  /// Groups of both convolutions.
  public var groups: Int
  /// Step of both convolutions; with the padding it makes the reduction ratio of Fig. 5.
  public var stride: Int
  /// Padding of both convolutions.
  public var padding: Int

  private enum CodingKeys: CodingKey, CaseIterable { case groups, stride, padding }

  /// A path; the paper's step is 2 and its padding 1.
  public init(groups: Int, stride: Int = 2, padding: Int = 1) {
    self.groups = groups
    self.stride = stride
    self.padding = padding
  }

  /// Reads a path; step and padding are the paper's unless it says otherwise.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      groups: try fields.required(Int.self, .groups), stride: try fields.value(.stride, default: 2),
      padding: try fields.value(.padding, default: 1))
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    try DescriptionError.check(field + ".stride", stride, 1...3)
    try DescriptionError.check(field + ".padding", padding, 0...2)
    try DescriptionError.check(
      groups: groups, divide: ["encoder filters": block.width, "decoder filters": block.outputs], in: block,
      field: field)
  }

  /// Its layers as Table I writes them.
  public func layers(in block: BlockShape) -> [String] {
    [("conv", block.width), ("deconv", block.outputs)].map { kind, filters in
      StageTable.layer(kind, 3, filters, stride: stride, groups: groups)
        + (padding == 1 ? "" : ", padding \(padding)")
    }
  }

  /// Adds the path's code and what goes to the sum.
  public func build(
    _ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder
  ) -> (encoder: Graph.NodeID, decoder: Graph.NodeID) {
    let geometry = ConvolutionGeometry(kernel: 3, stride: stride, padding: padding, groups: groups)
    let encoder = builder.relu(
      builder.convolution(
        x, block.width, geometry, (block.name + ".encoder.encoder_conv", block.name + ".encoder.encoder_bn")))
    let outputs = builder.channels(of: x)
    let layer = Convolution(
      name: block.name + ".decoder.decoder_conv", inputs: block.width, outputs: outputs, geometry: geometry,
      transposed: true)
    let decoded = builder.append(.transposedConvolution(layer), encoder, x, channels: outputs)
    let norm = BatchNormalization(name: block.name + ".decoder.decoder_bn", channels: outputs)
    return (encoder, builder.append(.batchNormalization(norm), decoded))
  }
}
