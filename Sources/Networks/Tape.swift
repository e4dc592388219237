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

  private let graph: Graph
  private let plan: TrainingPlan
  private let outputs: Set<Graph.NodeID>
  private let statistics: Statistics
  private let learns: Bool
  private let backend: any ConvolutionBackend
  private let watched: Set<Graph.NodeID>
  /// Nodes through which gradients must flow.
  private let active: Set<Graph.NodeID>
  private var records: [Record] = []

  /// What a step left behind for its gradient.
  enum Record {
    case convolution(input: Tensor?, size: Size2D)
    case transposedConvolution(input: Tensor?)
    case sum(NormalizedSum, normalized: [BatchNormalization?])
    case linear(input: Tensor?)
    case elementary(gradients: (Tensor) -> [Tensor])
  }

  /// A tape for the values of some nodes.
  /// - Parameters:
  ///   - outputs: nodes whose values are wanted, and which gradients may start from.
  ///   - watched: nodes whose gradients are wanted.
  ///   - learns: whether gradients of parameters are wanted.
  public init(
    _ graph: Graph, outputs: Set<Graph.NodeID>, watched: Set<Graph.NodeID> = [],
    statistics: Statistics = .batch, learns: Bool = true,
    backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) {
    self.graph = graph
    self.outputs = outputs
    self.watched = watched
    self.statistics = statistics
    self.learns = learns
    self.backend = backend
    plan = TrainingPlan(graph, outputs: outputs.union(watched))
    var active = watched
    for id in graph.ids {
      let node = graph[id]
      let isReached =
        if case .transposedConvolution = node.operation {
          active.contains(node.inputs[0])
        } else {
          node.inputs.contains(where: active.contains)
        }
      if isReached || learns && graph.parameters(at: id).contains(where: \.isLearnt) { active.insert(id) }
    }
    self.active = active
  }

  /// Bytes of values that `forward` leaves behind for the way back, for images of a shape [N, H, W, C].
  public static func keptBytes(_ graph: Graph, outputs: Set<Graph.NodeID>, images shape: [Int]) -> Int {
    let shapes = graph.shapes(input: shape)
    return TrainingPlan(graph, outputs: outputs).steps.reduce(0) { total, step in
      total + (shapes[step.output] ?? []).reduce(MemoryLayout<Float>.stride, *)
    }
  }

  /// The outputs for images [N, H, W, C]. What an earlier call remembered is forgotten.
  public func forward(_ images: Tensor) throws(EngineError) -> [Graph.NodeID: Tensor] {
    records = []
    SharedMachine.shared.begin()
    var values: [Graph.NodeID: Tensor] = [:]
    for id in graph.ids {
      if case .input = graph[id].operation { values[id] = images }
    }
    for step in plan.steps {
      let inputs = step.inputs.map { id -> Tensor in
        guard let value = values[id] else { preconditionFailure("a step runs behind its inputs") }
        return value
      }
      for id in step.released where !outputs.contains(id) { values[id] = nil }
      let (output, record) = try forward(step.kind, inputs)
      SharedMachine.shared.heed()
      values[step.output] = output
      records.append(record)
    }
    return values.filter { outputs.contains($0.key) }
  }

  /// The way back from the gradients of some outputs: adds to the parameters' gradients, and returns those of the watched
  /// nodes. What `forward` remembered is used up.
  public func backward(
    from seeds: [Graph.NodeID: Tensor], into gradients: ParameterGradients? = nil
  ) throws(EngineError) -> [Graph.NodeID: Tensor] {
    precondition(records.count == plan.steps.count, "a forward pass comes before each backward pass")
    precondition(seeds.keys.allSatisfy(outputs.contains), "gradients start from outputs")
    var pending = seeds.mapValues { [$0] }
    var found: [Graph.NodeID: Tensor] = [:]
    func note(_ id: Graph.NodeID) {
      guard watched.contains(id), let gathered = pending[id] else { return }
      let whole = Self.total(gathered)
      pending[id] = [whole]
      found[id] = whole
    }
    for step in plan.steps.reversed() {
      let record = records.removeLast()
      note(step.output)
      guard let contributions = pending.removeValue(forKey: step.output), active.contains(step.output) else {
        continue
      }
      let inputGradients = try backward(step, record, contributions, gradients)
      SharedMachine.shared.heed()
      for (id, gradient) in zip(step.differentiable, inputGradients) {
        if let gradient { pending[id, default: []].append(gradient) }
      }
    }
    for id in graph.ids {
      if case .input = graph[id].operation { note(id) }
    }
    return found
  }

  private func forward(
    _ kind: TrainingPlan.Step.Kind, _ inputs: consuming [Tensor]
  ) throws(EngineError) -> (Tensor, Record) {
    let x = inputs[0]
    switch kind {
    case .convolution(let layer):
      let output = try x.convolved(with: ConvolutionKernel(layer.weight.value), layer.geometry, on: backend)
      return (
        output,
        .convolution(input: learns ? x : nil, size: Size2D(height: x.height, width: x.width))
      )
    case .transposedConvolution(let layer):
      let output = try x.transposeConvolved(
        with: ConvolutionKernel(layer.weight.value), layer.geometry,
        outputSize: Size2D(height: inputs[1].height, width: inputs[1].width), on: backend)
      return (output, .transposedConvolution(input: learns ? x : nil))
    case .sum(let norms, let relu): return normalizedSum(inputs, norms, relu: relu)
    case .linear(let layer):
      let weight = layer.weight.value
      let kernel = ConvolutionKernel(weight.reshaped(weight.shape + [1, 1]))
      return (
        try x.linear(with: kernel, bias: layer.bias.value, on: backend), .linear(input: learns ? x : nil)
      )
    case .elementary(let operation):
      let (output, gradients) = operation.recorded(inputs)
      return (output, .elementary(gradients: gradients))
    }
  }

  private func normalizedSum(
    _ inputs: [Tensor], _ norms: [BatchNormalization?], relu: Bool
  ) -> (Tensor, Record) {
    var summands: [Summand] = []
    var terms: [NormalizedSum.Term] = []
    for (input, norm) in zip(inputs, norms) {
      guard let norm else {
        summands.append(Summand(input))
        continue
      }
      var batch: BatchStatistics?
      if statistics == .batch {
        let found = input.batchStatistics()
        norm.updateRunningStatistics(found)
        batch = found
      }
      let normalization = norm.normalization(batch)
      terms.append(NormalizedSum.Term(input, normalization))
      summands.append(Summand(input, affine: normalization.affine))
    }
    let output = Tensor.sum(summands, relu: relu)
    // The mask of a lone normalised term is computed again from it.
    let record =
      relu && terms.count == 1 && inputs.count == 1
      ? NormalizedSum(loneClamped: terms[0]) : NormalizedSum(terms: terms, clampedTo: relu ? output : nil)
    return (output, .sum(record, normalized: norms))
  }

  /// The gradients of a step's differentiable inputs; nil where none is needed.
  private func backward(
    _ step: TrainingPlan.Step, _ record: consuming Record, _ contributions: consuming [Tensor],
    _ gradients: ParameterGradients?
  ) throws(EngineError) -> [Tensor?] {
    let isActive = step.differentiable.map(active.contains)
    switch (step.kind, consume record) {
    case (.sum(let norms, _), .sum(let sum, _)):
      let needsSum = zip(norms, isActive).contains { $0 == nil && $1 }
      let (whole, terms) = sum.gradients(Self.atMostThree(contributions), needsSum: needsSum)
      var next = terms.makeIterator()
      return norms.map { norm in
        guard let norm else { return whole }
        guard let term = next.next() else { return nil }
        gradients?.add(term.scale, to: norm.scale)
        gradients?.add(term.shift, to: norm.shift)
        return term.values
      }
    case (.convolution(let layer), .convolution(let input, let size)):
      let gradient = Self.total(contributions)
      if let input, let gradients {
        try gradients.withTarget(layer.weight) { (target, accumulating) throws(EngineError) in
          try input.addWeightGradient(
            outputGradient: gradient, layer.geometry, into: target, accumulating: accumulating, on: backend)
        }
      }
      guard isActive[0] else { return [nil] }
      return [
        try gradient.transposeConvolved(
          with: ConvolutionKernel(layer.weight.value), layer.geometry, outputSize: size, on: backend)
      ]
    case (.transposedConvolution(let layer), .transposedConvolution(let input)):
      let gradient = Self.total(contributions)
      if let input, let gradients {
        try gradients.withTarget(layer.weight) { (target, accumulating) throws(EngineError) in
          try gradient.addWeightGradient(
            outputGradient: input, layer.geometry, into: target, accumulating: accumulating, on: backend)
        }
      }
      guard isActive[0] else { return [nil] }
      return [
        try gradient.convolved(with: ConvolutionKernel(layer.weight.value), layer.geometry, on: backend)
      ]
    case (.linear(let layer), .linear(let input)):
      let gradient = Self.total(contributions)
      if let input, let gradients {
        gradients.add(
          try input.linearWeightGradient(outputGradient: gradient, on: backend), to: layer.weight)
        gradients.add(gradient.columnSum(), to: layer.bias)
      }
      guard isActive[0] else { return [nil] }
      let weight = layer.weight.value
      return [
        try gradient.linearDataGradient(
          with: ConvolutionKernel(weight.reshaped(weight.shape + [1, 1])), on: backend)
      ]
    case (.elementary, .elementary(let gradients)): return gradients(Self.total(contributions))
    default: preconditionFailure("a step's record is of its kind")
    }
  }

  private static func atMostThree(_ contributions: consuming [Tensor]) -> [Tensor] {
    var rest = contributions
    while rest.count > 3 {
      let last = rest.removeLast()
      let before = rest.removeLast()
      rest.append(before + last)
    }
    return rest
  }

  private static func total(_ contributions: consuming [Tensor]) -> Tensor {
    let few = atMostThree(contributions)
    return few.count == 1 ? few[0] : Tensor.sum(few.map { Summand($0) })
  }
}
