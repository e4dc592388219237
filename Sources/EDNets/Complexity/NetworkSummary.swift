import Networks
import Tensors

/// What a network costs, how its maps shrink and what they see, for images of one size.
public struct NetworkSummary: Sendable {
  /// One residual block.
  public struct BlockRow: Sendable, Encodable {
    /// torchvision's name.
    public let name: String
    /// The paper's name.
    public let paperName: String
    /// Rows and columns of its output.
    public let size: Size2D
    /// Channels of its output.
    public let channels: Int
    /// Rows and columns of its path's code, if it has one.
    public let encoderSize: Size2D?
    /// Learnt values.
    public let parameters: Int
    /// Multiply-accumulates for one image.
    public let multiplyAccumulates: Int
    /// Of those, the added path's.
    public let pathMultiplyAccumulates: Int
    /// Side in pixels of what one value of a branch sees; branches that the block has.
    public let receptiveFields: [Branch: Int]
  }

  /// Rows and columns of the images.
  public let input: Size2D
  /// Learnt values.
  public let parameters: Int
  /// Multiply-accumulates of convolutions and linear layers for one image.
  public let multiplyAccumulates: Int
  /// Rows, columns and channels of what the stem's convolutions make.
  public let stem: [Int]
  /// The blocks from the image up.
  public let blocks: [BlockRow]
  /// Most bytes of activations that evaluation holds at once, for one image.
  public let evaluationBytes: Int
  /// Bytes of activations that a training step keeps for the way back, for one image.
  public let trainingBytes: Int

  /// Rows and columns of the last map.
  public var lastSize: Size2D { blocks[blocks.count - 1].size }

  /// Walks over a network without computing anything.
  public init(_ network: Network, input: Size2D) {
    let graph = network.graph
    let images = [1, input.height, input.width, graph.inputChannels]
    let shapes = graph.shapes(input: images)
    let counts = graph.multiplyAccumulates(input: images)
    let fields = graph.receptiveFields()
    func size(_ id: Graph.NodeID?) -> Size2D? {
      id.flatMap { shapes[$0] }.map { Size2D(height: $0[1], width: $0[2]) }
    }
    self.input = input
    parameters = network.parameterCount
    multiplyAccumulates = counts.values.reduce(0, +)
    // Only the first of them takes a step.
    let first = graph.ids.dropFirst().first.flatMap { shapes[$0] }
    stem = first.map { [$0[1], $0[2], network.description.stem.filters] } ?? []
    evaluationBytes = Evaluator(graph).peakBytes(of: [network.logits], images: images)
    trainingBytes = Tape.keptBytes(graph, outputs: [network.logits], images: images)
    let parts = network.parts
    blocks = network.blocks.enumerated().map { index, block in
      // A block's nodes stand together: behind its input, up to its output.
      let ids = Array(graph.ids(after: block.input, through: block.output))
      let path = ids.filter { id in
        [.branch(block: index, .encoder), .branch(block: index, .decoder)].contains(parts[id])
      }
      return BlockRow(
        name: block.name, paperName: block.paperName, size: size(block.output) ?? Size2D(0),
        channels: shapes[block.output]?.last ?? 0, encoderSize: size(block.taps[.encoder]),
        parameters: ids.flatMap(graph.parameters(at:)).filter(\.isLearnt).map(\.count).reduce(0, +),
        multiplyAccumulates: ids.compactMap { counts[$0] }.reduce(0, +),
        pathMultiplyAccumulates: path.compactMap { counts[$0] }.reduce(0, +),
        receptiveFields: block.taps.compactMapValues { fields[$0]?.size })
    }
  }
}
