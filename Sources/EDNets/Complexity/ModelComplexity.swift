import Networks
import Tensors

/// Learnt values and multiply-accumulates of a registered model, at the size that it is for.
public struct ModelComplexity: Sendable {
  /// Learnt values.
  public let parameters: Int
  /// Multiply-accumulates for one image.
  public let multiplyAccumulates: Int
  /// Rows and columns of the image.
  public let input: Size2D

  /// Counts without computing.
  /// - Throws: `UnknownModel`, `DescriptionError`.
  public init(model: String) throws {
    let network = try Network(ModelRegistry.description(named: model))
    input = Size2D(Preprocessing.usual(for: network.description).size)
    parameters = network.parameterCount
    multiplyAccumulates = network.graph.multiplyAccumulates(input: [
      1, input.height, input.width, network.graph.inputChannels,
    ]).values
      .reduce(0, +)
  }
}
