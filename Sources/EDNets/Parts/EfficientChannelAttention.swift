import Files
import Networks
import Tensors

/// Each channel times σ(a convolution along the channels of their means) ("ECA-Net: efficient channel attention for deep
/// convolutional neural networks").
public struct EfficientChannelAttention: Gate {
  /// What a description calls it.
  public static let kind = "efficientChannelAttention"
  /// The part with its usual settings.
  public static var usual: Self? { Self() }

  /// Side of the convolution's window; nil for the paper's, which follows the number of channels (equation 12).
  public var kernel: Int?

  private enum CodingKeys: CodingKey, CaseIterable { case kernel }

  /// A gate.
  public init(kernel: Int? = nil) { self.kernel = kernel }

  /// Reads a gate; its window follows the channels unless it says otherwise.
  public init(from decoder: any Decoder) throws {
    kernel = try StrictFields(decoder, CodingKeys.self).optional(Int.self, .kernel)
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    guard let kernel else { return }
    try DescriptionError.check(field + ".kernel", kernel, 1...63)
    guard kernel % 2 == 1 else {
      throw DescriptionError(description: "\(field).kernel is \(kernel), but must be odd")
    }
  }

  /// A few words for tables.
  public var summary: String { "ECA" + (kernel.map { ", kernel \($0)" } ?? "") }

  /// The odd number next to (log₂ C + 1) / 2, at least 3.
  static func kernel(channels: Int) -> Int {
    let exponent = Int.bitWidth - 1 - max(1, channels).leadingZeroBitCount
    let near = (exponent + 1) / 2
    return max(3, near % 2 == 1 ? near : near + 1)
  }

  /// Adds the gated values of `x`.
  public func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
  {
    let side = kernel ?? Self.kernel(channels: block.outputs)
    let along = Convolution(
      name: block.name + ".eca.conv", inputs: 1, outputs: 1,
      geometry: ConvolutionGeometry(
        kernel: Size2D(height: 1, width: side), padding: Size2D(height: 0, width: side / 2)))
    let means = builder.append(GlobalAveragePool(), x)
    let line = builder.append(ChannelLine(), means, channels: 1)
    let mixed = builder.append(Sigmoid(), builder.append(along, line))
    let gate = builder.append(
      ChannelLine(back: true), mixed, channels: builder.channels(of: x))
    return builder.append(ScaleChannels(), x, gate)
  }
}
