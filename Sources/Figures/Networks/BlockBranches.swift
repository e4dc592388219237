import EDNets
import Networks

/// What is to be seen of one kind of residual block, as its parts and its shapes tell it.
struct BlockBranches {
  /// A layer, a gate or a map of a branch.
  struct Step {
    enum Kind { case layer, gate, map }

    var kind = Kind.layer
    /// At least one.
    var lines: [String]
    /// Side of a map as a share of the block's output's.
    var share = 1.0
  }

  /// A branch from the input to the sum.
  struct Column {
    var heading: String
    /// None for an identity.
    var steps: [Step]
    /// The name that a tap of its last value has.
    var tap: String
  }

  /// The paper's names of the blocks of this kind.
  var names: String
  /// Shape of x, of the value at the sum, and of y.
  var input: String, output: String
  /// F with its gate, x, and the added path.
  var transform: Column?, shortcut: Column, path: Column?
  /// Whether x is a term of the sum.
  var hasIdentity: Bool
  /// What stands behind the sum.
  var activation: String

  /// The branches of a kind's first block.
  /// - Parameter shapes: of all nodes of the network.
  init(_ kind: BlockKind, of network: Network, shapes: [Graph.NodeID: [Int]]) {
    let description = network.description
    let block = kind.blocks[0]
    let shape = description.block(stage: block.stage, position: block.position)
    func size(_ id: Graph.NodeID?) -> String {
      id.flatMap { shapes[$0] }.map { "\($0[1])×\($0[2])×\($0[3])" } ?? ""
    }
    func rows(_ id: Graph.NodeID?) -> Double { Double(id.flatMap { shapes[$0] }?[1] ?? 1) }
    let step = shape.stride == 1 ? "" : ", stride \(shape.stride)"

    names = kind.paperNames.joined(separator: ", ")
    (input, output) = (size(block.input), size(block.output))
    hasIdentity = description.identity
    activation = description.preactivation ? "identity" : description.activation.title
    transform = description.transform.map { part in
      let gate = description.gate.map { [Step(kind: .gate, lines: [$0.summary])] } ?? []
      let layers = part.layers(in: shape).map { Step(lines: [$0]) }
      return Column(heading: "F(x)" + step, steps: layers + gate, tap: "transform")
    }
    let isIdentity = block.shortcut == block.input
    shortcut = Column(
      heading: isIdentity ? "x" : description.shortcut.rawValue,
      steps: isIdentity ? [] : [Step(lines: description.shortcut.layers(in: shape))], tap: "shortcut")
    path = description.path(inStage: block.stage).map { part in
      var steps = part.layers(in: shape).map { Step(lines: [$0]) }
      let code = block.taps[.encoder]
      let share = min(1, rows(code) / rows(block.output))
      steps.insert(
        Step(kind: .map, lines: ["encoder", size(code)], share: share), at: max(steps.count - 1, 0))
      return Column(
        heading: part is EncoderDecoder ? "ED(x)" : "added path", steps: steps, tap: "decoder")
    }
  }
}
