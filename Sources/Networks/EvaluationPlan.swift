import Tensors

/// The steps that compute some nodes of a graph in evaluation: nothing that is not needed, and as few passes over
/// memory as the wanted values allow.
///
/// Batch normalisation is folded into the convolution before it, a sum of two and a ReLU into the convolution that
/// makes one of its terms. A decoder's normalisation, the three-term sum of a residual block and its ReLU become one
/// pass. (What is not finite is not kept by fusing: a ReLU that oneDNN computes behind a convolution makes 0 of NaN.)
/// A node whose own value is wanted, or that two others read, is always computed by itself.
struct EvaluationPlan {
  struct Step {
    enum Kind {
      /// Inputs: what is convolved, and the addend if there is one.
      case convolution(Convolution, BatchNormalization?, relu: Bool)
      /// Inputs: what is convolved, and the map whose size is wanted.
      case transposedConvolution(Convolution)
      /// One normalisation or none for each input.
      case sum([BatchNormalization?], relu: Bool)
      case linear(Linear)
      case elementary(any Operator)
    }

    var kind: Kind
    var inputs: [Graph.NodeID]
    var output: Graph.NodeID
    /// The nodes that it computes, in their order; the last one is the output.
    var nodes: [Graph.NodeID] = []
    /// Values that no later step reads.
    var released: [Graph.NodeID] = []
    /// Whether a later step reads the output.
    var isRead = false
  }

  private(set) var steps: [Step] = []

  init(_ graph: Graph, outputs: Set<Graph.NodeID>) {
    var planner = Planner(graph: graph, outputs: outputs)
    steps = planner.plan()
    releaseEarly()
  }

  private mutating func releaseEarly() {
    var seen: Set<Graph.NodeID> = []
    for index in steps.indices.reversed() {
      steps[index].isRead = seen.contains(steps[index].output)
      steps[index].released = Set(steps[index].inputs).filter { seen.insert($0).inserted }.sorted()
    }
  }
}

private struct Planner {
  let graph: Graph
  private let readers: GraphReaders
  private var absorbed: Set<Graph.NodeID> = []
  /// What vanishes into the step that is being made.
  private var joined: [Graph.NodeID] = []

  init(graph: Graph, outputs: Set<Graph.NodeID>) {
    self.graph = graph
    readers = GraphReaders(graph, outputs: outputs)
  }

  mutating func plan() -> [EvaluationPlan.Step] {
    var steps: [EvaluationPlan.Step] = []
    for id in graph.ids.reversed() where readers.needs(id) && !absorbed.contains(id) {
      joined = [id]
      guard var step = step(computing: id) else { continue }
      step.nodes = joined.sorted()
      steps.append(step)
    }
    return steps.reversed()
  }

  private mutating func absorb(_ nodes: [Graph.NodeID]) {
    absorbed.formUnion(nodes)
    joined += nodes
  }

  private mutating func step(computing id: Graph.NodeID) -> EvaluationPlan.Step? {
    let node = graph[id]
    if case .relu = node.operation {
      let inner = node.inputs[0]
      if readers.mayVanish(inner), let step = fused(inner, into: id, relu: true) {
        absorb([inner])
        return step
      }
      return EvaluationPlan.Step(kind: .sum([nil], relu: true), inputs: node.inputs, output: id)
    }
    if let step = fused(id, into: id, relu: false) { return step }
    let kind: EvaluationPlan.Step.Kind
    switch node.operation {
    case .transposedConvolution(let layer): kind = .transposedConvolution(layer)
    case .linear(let layer): kind = .linear(layer)
    case .elementary(let operation): kind = .elementary(operation)
    case .input, .convolution, .batchNormalization, .relu, .add: return nil
    }
    return EvaluationPlan.Step(kind: kind, inputs: node.inputs, output: id)
  }

  /// A step for convolution, normalisation or sum, with what may vanish before it and the ReLU behind it.
  private mutating func fused(
    _ id: Graph.NodeID, into output: Graph.NodeID, relu: Bool
  ) -> EvaluationPlan.Step? {
    if let (layer, norm, input, inner) = convolution(endingAt: id) {
      absorb(inner)
      return EvaluationPlan.Step(
        kind: .convolution(layer, norm, relu: relu), inputs: [input], output: output)
    }
    let node = graph[id]
    switch node.operation {
    case .batchNormalization(let norm):
      return EvaluationPlan.Step(kind: .sum([norm], relu: relu), inputs: node.inputs, output: output)
    case .add:
      return convolutionWithAddend(node, output, relu) ?? sum(node, output, relu)
    default: return nil
    }
  }

  /// A sum of two of which one is a convolution that nobody else reads.
  private mutating func convolutionWithAddend(
    _ node: Graph.Node, _ output: Graph.NodeID, _ relu: Bool
  ) -> EvaluationPlan.Step? {
    guard node.inputs.count == 2 else { return nil }
    for (term, addend) in [(node.inputs[1], node.inputs[0]), (node.inputs[0], node.inputs[1])] {
      guard readers.mayVanish(term), let (layer, norm, input, inner) = convolution(endingAt: term) else {
        continue
      }
      absorb([term] + inner)
      return EvaluationPlan.Step(
        kind: .convolution(layer, norm, relu: relu), inputs: [input, addend], output: output)
    }
    return nil
  }

  /// A sum in one pass; normalisations that could not be folded into a convolution are applied on the way.
  private mutating func sum(
    _ node: Graph.Node, _ output: Graph.NodeID, _ relu: Bool
  ) -> EvaluationPlan.Step {
    var norms: [BatchNormalization?] = []
    var inputs: [Graph.NodeID] = []
    for term in node.inputs {
      if readers.mayVanish(term), case .batchNormalization(let norm) = graph[term].operation,
        convolution(endingAt: term) == nil
      {
        absorb([term])
        norms.append(norm)
        inputs.append(graph[term].inputs[0])
      } else {
        norms.append(nil)
        inputs.append(term)
      }
    }
    return EvaluationPlan.Step(kind: .sum(norms, relu: relu), inputs: inputs, output: output)
  }

  /// The convolution, with its normalisation if one follows, whose result is the node's value; `inner` are the
  /// nodes that vanish into it.
  private func convolution(
    endingAt id: Graph.NodeID
  ) -> (layer: Convolution, norm: BatchNormalization?, input: Graph.NodeID, inner: [Graph.NodeID])? {
    let node = graph[id]
    switch node.operation {
    case .convolution(let layer): return (layer, nil, node.inputs[0], [])
    case .batchNormalization(let norm):
      let before = node.inputs[0]
      guard readers.mayVanish(before), case .convolution(let layer) = graph[before].operation else {
        return nil
      }
      return (layer, norm, graph[before].inputs[0], [before])
    default: return nil
    }
  }
}
