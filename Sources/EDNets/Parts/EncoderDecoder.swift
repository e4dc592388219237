import Files
import Networks
import Tensors

/// The paper's ED path: a 3×3 convolution that shrinks the map and a 3×3 transposed convolution back to its size, both
/// in groups (section III-A). There is no ReLU behind the decoder, "to avoid removing negative responses" (section IV).
///
/// With step 2 the decoder's 3×3 window gives every other row and column two taps and those between them one, which draws a
/// chessboard. A window of 4 gives each two; it begins where the other does and ends a row and a column later, so that maps of
/// any size come back to it.
public struct EncoderDecoder: AddedPath {
  /// What a description calls it.
  public static let kind = "encoderDecoder"

  /// Groups of both convolutions.
  public var groups: Int
  /// Step of both convolutions; with the padding it makes the reduction ratio of Fig. 5.
  public var stride: Int
  /// Padding of both convolutions.
  public var padding: Int
  /// Side of the decoder's window: the paper's 3, or 4.
  public var kernel: Int

  private enum CodingKeys: CodingKey, CaseIterable { case groups, stride, padding, kernel }

  /// A path; the paper's step is 2, its padding 1 and its decoder's window 3.
  public init(groups: Int, stride: Int = 2, padding: Int = 1, kernel: Int = 3) {
    self.groups = groups
    self.stride = stride
    self.padding = padding
    self.kernel = kernel
  }

  /// Reads a path; step, padding and window are the paper's unless it says otherwise.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      groups: try fields.required(Int.self, .groups), stride: try fields.value(.stride, default: 2),
      padding: try fields.value(.padding, default: 1), kernel: try fields.value(.kernel, default: 3))
  }

  /// Writes what it is; the window only where it is not the paper's, so that older readers know the rest.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(groups, forKey: .groups)
    try values.encode(stride, forKey: .stride)
    try values.encode(padding, forKey: .padding)
    if kernel != 3 { try values.encode(kernel, forKey: .kernel) }
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    try DescriptionError.check(field + ".stride", stride, 1...3)
    try DescriptionError.check(field + ".padding", padding, 0...2)
    try DescriptionError.check(field + ".kernel", kernel, 3...4)
    try DescriptionError.check(
      groups: groups, divide: ["encoder filters": block.width, "decoder filters": block.outputs], in: block,
      field: field)
  }

  /// Its layers as Table I writes them.
  public func layers(in block: BlockShape) -> [String] {
    [("conv", 3, block.width), ("deconv", kernel, block.outputs)].map { kind, window, filters in
      StageTable.layer(kind, window, filters, stride: stride, groups: groups)
        + (padding == 1 ? "" : ", padding \(padding)")
    }
  }

  /// Adds the path's code and what goes to the sum.
  public func build(
    _ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder
  ) -> (encoder: Graph.NodeID, decoder: Graph.NodeID) {
    func geometry(_ kernel: Int) -> ConvolutionGeometry {
      ConvolutionGeometry(
        kernel: kernel, stride: stride, padding: padding, endPadding: padding + kernel - 3, groups: groups)
    }
    let encoder = builder.activated(
      builder.convolution(
        x, block.width, geometry(3),
        (block.name + ".encoder.encoder_conv", block.name + ".encoder.encoder_bn")))
    let outputs = builder.channels(of: x)
    let layer = Convolution(
      name: block.name + ".decoder.decoder_conv", inputs: block.width, outputs: outputs,
      geometry: geometry(kernel),
      transposed: true)
    let decoded = builder.append(layer, encoder, x, channels: outputs)
    let norm = BatchNormalization(name: block.name + ".decoder.decoder_bn", channels: outputs)
    return (encoder, builder.append(norm, decoded))
  }
}
