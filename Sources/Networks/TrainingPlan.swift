import Tensors

/// The steps that compute some nodes of a graph so that gradients can flow back.
///
/// Everything elementwise becomes a sum: batch normalisation alone or with ReLU, and the end of a residual block with
/// the normalisations of its terms. Convolutions keep their own values, which batch statistics need.
struct TrainingPlan {
  struct Step {
    var operation: any Operation
    var inputs: [Graph.NodeID]
    var output: Graph.NodeID
    /// Values that no later step reads on the way forward.
    var released: [Graph.NodeID] = []

    /// The inputs that gradients flow to.
    var differentiable: ArraySlice<Graph.NodeID> { inputs.prefix(operation.readInputs ?? inputs.count) }
  }

  private(set) var steps: [Step] = []

  /// - Parameters:
  ///   - fed: nodes whose values are given.
  ///   - edited: nodes whose values are changed before others read them.
  init(
    _ graph: Graph, outputs: Set<Graph.NodeID>, fed: Set<Graph.NodeID>, edited: Set<Graph.NodeID> = []
  ) {
    let readers = GraphReaders(graph, outputs: outputs, fed: fed, edited: edited)
    var absorbed: Set<Graph.NodeID> = []
    for id in graph.ids.reversed()
    where readers.needs(id) && !absorbed.contains(id) && !fed.contains(id) {
      precondition(!(graph[id].operation is Input), "an input that is needed must be fed")
      let (operation, inputs) = Self.step(computing: id, in: graph, readers, absorbing: &absorbed)
      steps.append(Step(operation: operation, inputs: inputs, output: id))
    }
    steps.reverse()
    var seen = outputs
    for index in steps.indices.reversed() {
      steps[index].released = Set(steps[index].inputs).filter { seen.insert($0).inserted }.sorted()
    }
  }

  private static func step(
    computing id: Graph.NodeID, in graph: Graph, _ readers: GraphReaders,
    absorbing absorbed: inout Set<Graph.NodeID>
  ) -> (operation: any Operation, inputs: [Graph.NodeID]) {
    let node = graph[id]
    if node.operation is ReLU {
      let inner = node.inputs[0]
      guard readers.mayVanish(inner),
        let (norms, inputs) = terms(of: inner, in: graph, readers, absorbing: &absorbed)
      else { return (node.operation, node.inputs) }
      absorbed.insert(inner)
      return (NormalizedTerms(norms: norms, relu: true), inputs)
    }
    guard let (norms, inputs) = terms(of: id, in: graph, readers, absorbing: &absorbed) else {
      return (node.operation, node.inputs)
    }
    return (NormalizedTerms(norms: norms, relu: false), inputs)
  }

  /// The terms of a normalisation or a sum, whose own normalisations vanish into it where nobody else reads them; nil for
  /// anything else.
  private static func terms(
    of id: Graph.NodeID, in graph: Graph, _ readers: GraphReaders, absorbing absorbed: inout Set<Graph.NodeID>
  ) -> (norms: [BatchNormalization?], inputs: [Graph.NodeID])? {
    if let norm = graph[id].operation as? BatchNormalization { return ([norm], graph[id].inputs) }
    guard graph[id].operation is Sum else { return nil }
    var norms: [BatchNormalization?] = []
    var inputs: [Graph.NodeID] = []
    for term in graph[id].inputs {
      if readers.mayVanish(term), let norm = graph[term].operation as? BatchNormalization {
        absorbed.insert(term)
        norms.append(norm)
        inputs.append(graph[term].inputs[0])
      } else {
        norms.append(nil)
        inputs.append(term)
      }
    }
    return (norms, inputs)
  }
}
