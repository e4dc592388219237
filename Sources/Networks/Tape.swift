import Tensors

/// Computes a graph forward and remembers what gradients need on the way back.
///
/// Gradients reach every parameter and, where they are asked for, any node: a tap needs nothing special. What a step
/// has remembered is given back as soon as the backward pass has used it.
public final class Tape {
  /// What batch normalisation divides by.
  public enum Statistics: Sendable {
    /// The batch's own statistics, which move the running ones: training.
    case batch
    /// The running statistics: gradients of a network as it is used.
    case running
  }

  private let plan: TrainingPlan
  private let outputs: Set<Graph.NodeID>
  private let edits: [Graph.NodeID: any Operation]
  private let pass: RecordedPass
  private let watched: Set<Graph.NodeID>
  private let fed: [Graph.NodeID]
  /// Nodes through which gradients must flow.
  private let active: Set<Graph.NodeID>
  private var records: [(step: Recorded.WayBack, edit: Recorded.WayBack?)] = []

  /// A tape for the values of some nodes.
  /// - Parameters:
  ///   - outputs: nodes whose values are wanted, and which gradients may start from.
  ///   - watched: nodes whose gradients are wanted; those of an edited one are of what others read.
  ///   - fed: nodes whose values `forward` is given; the graph's inputs by default.
  ///   - editing: operations of one input, through which values go before others read them.
  ///   - learns: whether gradients of parameters are wanted.
  public init(
    _ graph: Graph, outputs: Set<Graph.NodeID>, watched: Set<Graph.NodeID> = [],
    feeding fed: Set<Graph.NodeID>? = nil, editing: [Graph.NodeID: any Operation] = [:],
    statistics: Statistics = .batch, learns: Bool = true,
    backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) {
    let fed = fed ?? Set(graph.inputs)
    self.outputs = outputs
    self.watched = watched
    self.fed = fed.sorted()
    edits = editing
    pass = RecordedPass(learns: learns, statistics: statistics, isOnce: true, backend: backend)
    plan = TrainingPlan(graph, outputs: outputs.union(watched), fed: fed, edited: Set(editing.keys))
    var active = watched
    for id in graph.ids where !fed.contains(id) {
      let node = graph[id]
      let isReached = node.inputs.prefix(node.operation.readInputs ?? node.inputs.count)
        .contains(where: active.contains)
      if isReached || learns && graph.parameters(at: id).contains(where: \.isLearnt) { active.insert(id) }
    }
    self.active = active
  }

  /// Bytes of values that `forward` leaves behind for the way back, for images of a shape [N, H, W, C].
  public static func keptBytes(_ graph: Graph, outputs: Set<Graph.NodeID>, images shape: [Int]) -> Int {
    let shapes = graph.shapes(input: shape)
    return TrainingPlan(graph, outputs: outputs, fed: Set(graph.inputs)).steps.reduce(0) { total, step in
      total + (shapes[step.output] ?? []).reduce(MemoryLayout<Float>.stride, *)
    }
  }

  /// The outputs for images [N, H, W, C]. What an earlier call remembered is forgotten.
  public func forward(_ images: Tensor) throws(EngineError) -> [Graph.NodeID: Tensor] {
    try forward(feeding: Dictionary(uniqueKeysWithValues: fed.map { ($0, images) }))
  }

  /// The outputs for given values of all nodes that are fed. What an earlier call remembered is forgotten.
  public func forward(feeding given: [Graph.NodeID: Tensor]) throws(EngineError) -> [Graph.NodeID: Tensor] {
    precondition(fed.allSatisfy { given[$0] != nil }, "every node that is fed is given a value")
    records = []
    SharedMachine.shared.begin()
    var values: [Graph.NodeID: Tensor] = [:]
    for id in fed {
      guard let value = given[id] else { continue }
      values[id] = try edit(value, of: id).0
    }
    for step in plan.steps {
      let inputs = step.inputs.map { id -> Tensor in
        guard let value = values[id] else { preconditionFailure("a step runs behind its inputs") }
        return value
      }
      for id in step.released where !outputs.contains(id) { values[id] = nil }
      let recorded = try step.operation.recorded(inputs, pass)
      let (output, wayBack) = try edit(recorded.output, of: step.output)
      SharedMachine.shared.heed()
      values[step.output] = output
      records.append((recorded.wayBack, wayBack))
    }
    return values.filter { outputs.contains($0.key) }
  }

  private func edit(
    _ value: Tensor, of id: Graph.NodeID
  ) throws(EngineError) -> (Tensor, Recorded.WayBack?) {
    guard let edit = edits[id] else { return (value, nil) }
    let recorded = try edit.recorded([value], pass)
    return (recorded.output, recorded.wayBack)
  }

  /// The way back from the gradients of some outputs: adds to the parameters' gradients, and returns those of the watched
  /// nodes. What `forward` remembered is used up.
  public func backward(
    from seeds: [Graph.NodeID: Tensor], into gradients: ParameterGradients? = nil
  ) throws(EngineError) -> [Graph.NodeID: Tensor] {
    precondition(records.count == plan.steps.count, "a forward pass comes before each backward pass")
    precondition(seeds.keys.allSatisfy(outputs.contains), "gradients start from outputs")
    var pending = PendingGradients(seeds, watched: watched)
    for step in plan.steps.reversed() {
      let record = records.removeLast()
      pending.note(step.output)
      guard var contributions = pending.take(step.output), active.contains(step.output) else {
        continue
      }
      if let edit = record.edit {
        contributions = try edit(contributions, [true], gradients).compactMap { $0 }
      }
      let isWanted = step.differentiable.map(active.contains)
      let inputGradients = try record.step(contributions, isWanted, gradients)
      SharedMachine.shared.heed()
      for (id, gradient) in zip(step.differentiable, inputGradients) {
        if let gradient { pending.add(gradient, to: id) }
      }
    }
    for id in fed { pending.note(id) }
    return pending.found
  }
}
