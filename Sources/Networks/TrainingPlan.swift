import Tensors

/// The steps that compute some nodes of a graph so that gradients can flow back.
///
/// Everything elementwise becomes a sum: batch normalisation alone or with ReLU, and the end of a residual block with
/// the normalisations of its terms. Convolutions keep their own values, which batch statistics need.
struct TrainingPlan {
  struct Step {
    enum Kind {
      case convolution(Convolution)
      /// Inputs: what is convolved, and the map whose size is wanted, which gets no gradient.
      case transposedConvolution(Convolution)
      /// One normalisation or none for each input.
      case sum([BatchNormalization?], relu: Bool)
      case linear(Linear)
      case elementary(any Operator)
    }

    var kind: Kind
    var inputs: [Graph.NodeID]
    var output: Graph.NodeID
    /// Values that no later step reads on the way forward.
    var released: [Graph.NodeID] = []

    /// The inputs that gradients flow to.
    var differentiable: ArraySlice<Graph.NodeID> {
      if case .transposedConvolution = kind { inputs.prefix(1) } else { inputs[...] }
    }
  }

  private(set) var steps: [Step] = []

  init(_ graph: Graph, outputs: Set<Graph.NodeID>) {
    let readers = GraphReaders(graph, outputs: outputs)
    var absorbed: Set<Graph.NodeID> = []
    for id in graph.ids.reversed() where readers.needs(id) && !absorbed.contains(id) {
      guard let kind = Self.kind(of: id, in: graph, readers, absorbing: &absorbed) else { continue }
      steps.append(Step(kind: kind.kind, inputs: kind.inputs, output: id))
    }
    steps.reverse()
    var seen = outputs
    for index in steps.indices.reversed() {
      steps[index].released = Set(steps[index].inputs).filter { seen.insert($0).inserted }.sorted()
    }
  }

  private static func kind(
    of id: Graph.NodeID, in graph: Graph, _ readers: GraphReaders, absorbing absorbed: inout Set<Graph.NodeID>
  ) -> (kind: Step.Kind, inputs: [Graph.NodeID])? {
    let node = graph[id]
    switch node.operation {
    case .input: return nil
    case .convolution(let layer): return (.convolution(layer), node.inputs)
    case .transposedConvolution(let layer): return (.transposedConvolution(layer), node.inputs)
    case .linear(let layer): return (.linear(layer), node.inputs)
    case .elementary(let operation): return (.elementary(operation), node.inputs)
    case .batchNormalization, .add:
      let (norms, inputs) = terms(of: id, in: graph, readers, absorbing: &absorbed)
      return (.sum(norms, relu: false), inputs)
    case .relu:
      let inner = node.inputs[0]
      if readers.mayVanish(inner), graph[inner].operation.isSum {
        absorbed.insert(inner)
        let (norms, inputs) = terms(of: inner, in: graph, readers, absorbing: &absorbed)
        return (.sum(norms, relu: true), inputs)
      }
      return (.sum([nil], relu: true), node.inputs)
    }
  }

  /// The terms of a normalisation or a sum, whose own normalisations vanish into it where nobody else reads them.
  private static func terms(
    of id: Graph.NodeID, in graph: Graph, _ readers: GraphReaders, absorbing absorbed: inout Set<Graph.NodeID>
  ) -> (norms: [BatchNormalization?], inputs: [Graph.NodeID]) {
    if case .batchNormalization(let norm) = graph[id].operation { return ([norm], graph[id].inputs) }
    var norms: [BatchNormalization?] = []
    var inputs: [Graph.NodeID] = []
    for term in graph[id].inputs {
      if readers.mayVanish(term), case .batchNormalization(let norm) = graph[term].operation {
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

extension Operation {
  fileprivate var isSum: Bool {
    switch self {
    case .batchNormalization, .add: true
    default: false
    }
  }
}
