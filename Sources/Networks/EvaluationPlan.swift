import Tensors

/// The steps that compute some nodes of a graph in evaluation: nothing that is not needed, and as few passes over
/// memory as the wanted values allow.
///
/// Batch normalisation is folded into the convolution before it, a sum of two and a ReLU into the convolution that
/// makes one of its terms. A decoder's normalisation, the three-term sum of a residual block and its ReLU are folded into
/// the decoder; the 1×1 convolution that ends F, too, where its map is large.
/// A node whose own value is wanted or edited, or that two others read, is always computed by itself.
struct EvaluationPlan: Sendable {
  struct Step: Sendable {
    enum Kind: Sendable {
      /// Inputs: those of the convolution, and the addends: up to one, or two for a transposed one.
      case convolution(Convolution, BatchNormalization?, relu: Bool)
      /// One normalisation or none for each input.
      case sum([BatchNormalization?], relu: Bool)
      case linear(Linear)
      case other(any Operation)
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
    /// The decoder that may add the result while it computes its own, if a backend can, instead of reading it.
    var decoder: Convolution?

    fileprivate var isProjection: Bool {
      guard case .convolution(let layer, _, relu: false) = kind else { return false }
      return !layer.isTransposed && layer.geometry == ConvolutionGeometry(kernel: 1) && inputs.count == 1
    }
  }

  private(set) var steps: [Step] = []

  /// - Parameters:
  ///   - fed: nodes whose values are given.
  ///   - edited: nodes whose values are changed before others read them.
  init(
    _ graph: Graph, outputs: Set<Graph.NodeID>, fed: Set<Graph.NodeID>, edited: Set<Graph.NodeID> = []
  ) {
    let readers = GraphReaders(graph, outputs: outputs, fed: fed, edited: edited)
    var planner = Planner(graph: graph, readers: readers, fed: fed)
    steps = planner.plan()
    releaseEarly()
    markProjections(readers)
  }

  private mutating func markProjections(_ readers: GraphReaders) {
    var places: [Graph.NodeID: Int] = [:]
    for (index, step) in steps.enumerated() {
      places[step.output] = index
      guard case .convolution(let decoder, _, _) = step.kind, decoder.isTransposed else { continue }
      let projection = step.inputs.dropFirst(2).lazy.compactMap { places[$0] }.first {
        steps[$0].isProjection && readers.mayVanish(steps[$0].output)
      }
      if let projection { steps[projection].decoder = decoder }
    }
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
  let readers: GraphReaders
  let fed: Set<Graph.NodeID>
  private var absorbed: Set<Graph.NodeID> = []
  /// What vanishes into the step that is being made.
  private var joined: [Graph.NodeID] = []

  init(graph: Graph, readers: GraphReaders, fed: Set<Graph.NodeID>) {
    self.graph = graph
    self.readers = readers
    self.fed = fed
  }

  mutating func plan() -> [EvaluationPlan.Step] {
    var steps: [EvaluationPlan.Step] = []
    for id in graph.ids.reversed()
    where readers.needs(id) && !absorbed.contains(id) && !fed.contains(id) {
      precondition(!(graph[id].operation is Input), "an input that is needed must be fed")
      joined = [id]
      var step = step(computing: id)
      step.nodes = joined.sorted()
      steps.append(step)
    }
    return steps.reversed()
  }

  private mutating func absorb(_ nodes: [Graph.NodeID]) {
    absorbed.formUnion(nodes)
    joined += nodes
  }

  private mutating func step(computing id: Graph.NodeID) -> EvaluationPlan.Step {
    let node = graph[id]
    if node.operation is ReLU {
      let inner = node.inputs[0]
      if readers.mayVanish(inner), let step = fused(inner, into: id, relu: true) {
        absorb([inner])
        return step
      }
      return EvaluationPlan.Step(kind: .sum([nil], relu: true), inputs: node.inputs, output: id)
    }
    if let step = fused(id, into: id, relu: false) { return step }
    let kind: EvaluationPlan.Step.Kind =
      (node.operation as? Linear).map { .linear($0) } ?? .other(node.operation)
    return EvaluationPlan.Step(kind: kind, inputs: node.inputs, output: id)
  }

  /// A step for a convolution of either kind, normalisation or sum, with what may vanish before it and the ReLU behind it.
  private mutating func fused(
    _ id: Graph.NodeID, into output: Graph.NodeID, relu: Bool
  ) -> EvaluationPlan.Step? {
    if let found = convolution(endingAt: id) {
      absorb(found.inner)
      return found.step(addends: [], output, relu)
    }
    let node = graph[id]
    if let norm = node.operation as? BatchNormalization {
      return EvaluationPlan.Step(kind: .sum([norm], relu: relu), inputs: node.inputs, output: output)
    }
    guard node.operation is Sum else { return nil }
    return decoderWithAddends(node, output, relu) ?? convolutionWithAddend(node, output, relu)
      ?? sum(node, output, relu)
  }

  /// A sum of up to three of which one is a transposed convolution that nobody else reads, and the others are values.
  private mutating func decoderWithAddends(
    _ node: Graph.Node, _ output: Graph.NodeID, _ relu: Bool
  ) -> EvaluationPlan.Step? {
    let places = node.inputs.indices.filter { place in
      readers.mayVanish(node.inputs[place])
        && convolution(endingAt: node.inputs[place])?.layer.isTransposed == true
    }
    guard node.inputs.count <= 3, let place = places.last,
      let found = convolution(endingAt: node.inputs[place])
    else { return nil }
    var addends = node.inputs
    addends.remove(at: place)
    absorb([node.inputs[place]] + found.inner)
    return found.step(addends: addends, output, relu)
  }

  /// A sum of two of which one is a convolution that nobody else reads.
  private mutating func convolutionWithAddend(
    _ node: Graph.Node, _ output: Graph.NodeID, _ relu: Bool
  ) -> EvaluationPlan.Step? {
    guard node.inputs.count == 2 else { return nil }
    for (term, addend) in [(node.inputs[1], node.inputs[0]), (node.inputs[0], node.inputs[1])] {
      guard readers.mayVanish(term), let found = convolution(endingAt: term), !found.layer.isTransposed else {
        continue
      }
      absorb([term] + found.inner)
      return found.step(addends: [addend], output, relu)
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
      if readers.mayVanish(term), let norm = graph[term].operation as? BatchNormalization,
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

  /// A convolution whose result, with its normalisation if one follows, is a node's value.
  private struct Found {
    var layer: Convolution
    var norm: BatchNormalization?
    /// What it reads, in a step's order.
    var inputs: [Graph.NodeID]
    /// The nodes that vanish into it.
    var inner: [Graph.NodeID] = []

    func step(addends: [Graph.NodeID], _ output: Graph.NodeID, _ relu: Bool) -> EvaluationPlan.Step {
      EvaluationPlan.Step(
        kind: .convolution(layer, norm, relu: relu), inputs: inputs + addends, output: output)
    }
  }

  private func convolution(endingAt id: Graph.NodeID) -> Found? {
    let node = graph[id]
    if let layer = node.operation as? Convolution { return Found(layer: layer, inputs: node.inputs) }
    guard let norm = node.operation as? BatchNormalization else { return nil }
    let before = node.inputs[0]
    guard readers.mayVanish(before), case .some(var found) = convolution(endingAt: before), found.norm == nil
    else { return nil }
    found.norm = norm
    found.inner = [before]
    return found
  }
}
