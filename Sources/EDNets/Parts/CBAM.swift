import Files
import Networks
import Tensors

/// A gate for channels and then one for positions ("CBAM: convolutional block attention module").
///
/// Channels: σ(MLP(mean) + MLP(largest)) with one MLP for both. Positions: σ(BN(conv(largest, mean over channels))).
public struct CBAM: Gate {
  /// What a description calls it.
  public static let kind = "cbam"
  /// The part with its usual settings.
  public static var usual: Self? { Self() }

  /// Channels for each of the MLP's hidden layer.
  public var reduction: Int
  /// Side of the window of the spatial gate's convolution.
  public var kernel: Int

  private enum CodingKeys: CodingKey, CaseIterable { case reduction, kernel }

  /// A gate.
  public init(reduction: Int = 16, kernel: Int = 7) {
    self.reduction = reduction
    self.kernel = kernel
  }

  /// Reads a gate; its reduction is 16 and its kernel 7 unless it says otherwise.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      reduction: try fields.value(.reduction, default: 16), kernel: try fields.value(.kernel, default: 7))
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    try DescriptionError.check(field + ".reduction", reduction, 1...block.outputs)
    try DescriptionError.check(field + ".kernel", kernel, 1...31)
    guard kernel % 2 == 1 else {
      throw DescriptionError(description: "\(field).kernel is \(kernel), but must be odd")
    }
  }

  /// A few words for tables.
  public var summary: String { "CBAM, reduction \(reduction), kernel \(kernel)" }

  /// Adds the gated values of `x`.
  public func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
  {
    let channelGated = channelGate(x, block, &builder)
    let pooled = builder.append(ChannelMaxAndMean(), channelGated, channels: 2)
    let name = block.name + ".cbam.SpatialGate.spatial"
    let seen = builder.convolution(pooled, 1, kernel: kernel, (name + ".conv", name + ".bn"), momentum: 0.01)
    return builder.append(
      ScalePositions(), channelGated, builder.append(Sigmoid(), seen))
  }

  private func channelGate(
    _ x: Graph.NodeID, _ block: BlockShape, _ builder: inout NetworkBuilder
  ) -> Graph.NodeID {
    let (channels, name) = (block.outputs, block.name + ".cbam.ChannelGate.mlp")
    let narrow = Linear(name: name + ".1", inputs: channels, outputs: channels / reduction)
    let wide = Linear(name: name + ".3", inputs: channels / reduction, outputs: channels)
    func judged(_ pooling: any Operation) -> Graph.NodeID {
      let pooled = builder.append(pooling, x)
      let hidden = builder.relu(builder.append(narrow, pooled, channels: channels / reduction))
      return builder.append(wide, hidden, channels: channels)
    }
    let (mean, largest) = (judged(GlobalAveragePool()), judged(GlobalMaxPool()))
    let gate = builder.append(Sigmoid(), builder.append(Sum(), mean, largest))
    return builder.append(ScaleChannels(), x, gate)
  }
}
