import Networks
import Tensors

/// What a network costs and how its maps shrink, for images of one size.
public struct NetworkSummary: Sendable {
  /// One residual block.
  public struct BlockRow: Sendable {
    /// torchvision's name.
    public let name: String
    /// The paper's name.
    public let paperName: String
    /// Rows and columns of its output.
    public let size: Size2D
    /// Channels of its output.
    public let channels: Int
    /// Rows and columns of its ED path's code, if it has one.
    public let encoderSize: Size2D?
    /// Learnt values.
    public let parameters: Int
    /// Multiply-accumulates for one image.
    public let multiplyAccumulates: Int
  }

  /// Rows and columns of the images.
  public let input: Size2D
  /// Learnt values.
  public let parameters: Int
  /// Multiply-accumulates of convolutions and linear layers for one image.
  public let multiplyAccumulates: Int
  /// Rows, columns and channels of what the first block reads.
  public let stem: [Int]
  /// The blocks from the image up.
  public let blocks: [BlockRow]

  /// Rows and columns of the last map.
  public var lastSize: Size2D { blocks[blocks.count - 1].size }

  /// Walks over a network without computing anything.
  public init(_ network: Network, input: Size2D) {
    let images = [1, input.height, input.width, 3]
    let shapes = network.graph.shapes(input: images)
    let counts = network.graph.multiplyAccumulates(input: images)
    func size(_ id: Graph.NodeID?) -> Size2D? {
      id.flatMap { shapes[$0] }.map { Size2D(height: $0[1], width: $0[2]) }
    }
    self.input = input
    parameters = network.parameterCount
    multiplyAccumulates = counts.values.reduce(0, +)
    stem = network.blocks[0].taps[.input].flatMap { shapes[$0] }.map { Array($0.dropFirst()) } ?? []
    blocks = network.blocks.map { block in
      // A block's nodes stand together: behind its input, up to its output.
      let last = block.taps[.output]
      let ids: [Graph.NodeID]
      if let first = block.taps[.input], let last {
        ids = Array(network.graph.ids(after: first, through: last))
      } else {
        ids = []
      }
      return BlockRow(
        name: block.name, paperName: block.paperName, size: size(last) ?? Size2D(0),
        channels: last.flatMap { shapes[$0]?.last } ?? 0, encoderSize: size(block.taps[.encoder]),
        parameters: ids.flatMap(network.graph.parameters(at:)).filter(\.isLearnt).map(\.count).reduce(0, +),
        multiplyAccumulates: ids.compactMap { counts[$0] }.reduce(0, +))
    }
  }
}
