import Networks
import Tensors

/// A residual network, with or without encoder-decoder paths, built from its description.
///
/// Parameters are declared under the names of the published ED-Net code and have no values yet: a checkpoint or an
/// initialiser gives them.
public final class Network: Sendable {
  /// What it was built from.
  public let description: NetworkDescription
  /// Its computations.
  public let graph: Graph
  /// Every parameter and running statistic, from the image up.
  public let parameters: [Parameter]
  /// Its residual blocks, from the image up.
  public let blocks: [Block]
  /// [N, classes], before softmax; of a network without a head the pooled features, [N, channels].
  public let logits: Graph.NodeID

  /// Whether there is a layer that tells classes.
  public var hasHead: Bool { description.classes > 0 }

  /// Builds the graph.
  /// - Throws: `DescriptionError` for what cannot be built.
  public init(_ description: NetworkDescription) throws(DescriptionError) {
    try description.validate()
    var builder = NetworkBuilder(activation: description.activation, epsilon: description.epsilon)
    var x = builder.stem(
      description.stem, description.antialias, isPreactivated: description.preactivation)

    var blocks: [Block] = []
    for (index, stage) in description.stages.enumerated() {
      for position in 0..<stage.blocks {
        let made = builder.residualBlock(x, description, stage: index + 1, position: position)
        x = made.output
        blocks.append(made.block)
      }
    }
    if description.preactivation { x = builder.normalized(x, "norm") }
    let pooled = builder.append(GlobalAveragePool(), x)
    logits = description.classes == 0 ? pooled : builder.linear(pooled, description.classes, name: "fc")

    self.description = description
    self.blocks = blocks
    graph = builder.graph
    parameters = builder.graph.parameters
    let count = parameters.map(\.count).reduce(0, +)
    try DescriptionError.check("the number of weights", count, 1...NetworkDescription.mostWeights)
  }

  /// Number of values that gradients change, as tables of networks count them.
  public var parameterCount: Int { parameters.filter(\.isLearnt).map(\.count).reduce(0, +) }
}
