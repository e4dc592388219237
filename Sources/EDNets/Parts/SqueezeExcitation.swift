import Files
import Networks

/// Each channel times σ(W₂ ReLU(W₁ mean)), where the mean is over all positions ("Squeeze-and-Excitation networks").
public struct SqueezeExcitation: Gate {
  /// What a description calls it.
  public static let kind = "squeezeExcitation"
  /// The part with its usual settings.
  public static var usual: Self? { Self() }

  /// Channels for each of the hidden layer.
  public var reduction: Int

  private enum CodingKeys: CodingKey, CaseIterable { case reduction }

  /// A gate.
  public init(reduction: Int = 16) { self.reduction = reduction }

  /// Reads a gate; its reduction is 16 unless it says otherwise.
  public init(from decoder: any Decoder) throws {
    reduction = try StrictFields(decoder, CodingKeys.self).value(.reduction, default: 16)
  }

  /// Checks its settings against the block.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {
    try DescriptionError.check(field + ".reduction", reduction, 1...block.outputs)
  }

  /// A few words for tables.
  public var summary: String { "SE, reduction \(reduction)" }

  /// Adds the gated values of `x`.
  public func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
  {
    let hidden = block.outputs / reduction
    let mean = builder.append(GlobalAveragePool(), x)
    let squeezed = builder.linear(mean, hidden, name: block.name + ".fc_reduction")
    let excited = builder.linear(builder.relu(squeezed), block.outputs, name: block.name + ".fc_extention")
    return builder.append(
      ScaleChannels(), x, builder.append(Sigmoid(), excited))
  }
}
