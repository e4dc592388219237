import Tensors

/// Computes values of a graph in evaluation mode.
///
/// Folded and packed weights are kept between calls, so parameters must not change while an evaluator lives.
public final class Evaluator {
  /// Told of each step that was computed: its nodes in their order, of which the last is the one whose value it has
  /// and the others vanished into it, and how long it took. Nothing is timed while nobody listens.
  public var observer: ((_ nodes: [Graph.NodeID], _ duration: Duration) -> Void)?

  private let graph: Graph
  private let backend: any ConvolutionBackend
  private var plans: [Set<Graph.NodeID>: EvaluationPlan] = [:]
  private var kernels: [FoldKey: (kernel: ConvolutionKernel, bias: Tensor?)] = [:]
  private var affines: [ObjectIdentifier: ChannelAffine] = [:]

  private struct FoldKey: Hashable {
    let layer: ObjectIdentifier
    let norm: ObjectIdentifier?
  }

  /// An evaluator of `graph`, whose parameters have values by the first call.
  public init(_ graph: Graph, backend: any ConvolutionBackend = ConvolutionBackends.preferred) {
    self.graph = graph
    self.backend = backend
  }

  /// The values of the wanted nodes for images [N, H, W, C]; only what they need is computed.
  public func values(
    of outputs: Set<Graph.NodeID>, images: Tensor
  ) throws(EngineError) -> [Graph.NodeID: Tensor] {
    var values: [Graph.NodeID: Tensor] = [:]
    try visit(outputs, images: images) { values[$0] = $1 }
    return values
  }

  /// Hands on the value of each wanted node as soon as it is computed, in the order of computation, and keeps none
  /// longer than the network needs it.
  public func visit(
    _ outputs: Set<Graph.NodeID>, images: Tensor, _ body: (Graph.NodeID, Tensor) -> Void
  ) throws(EngineError) {
    let plan = plan(for: outputs)
    var values: [Graph.NodeID: Tensor] = [:]
    for id in graph.ids {
      guard case .input = graph[id].operation else { continue }
      values[id] = images
      if outputs.contains(id) { body(id, images) }
    }
    for step in plan.steps {
      let inputs = step.inputs.map { id -> Tensor in
        guard let value = values[id] else { preconditionFailure("a step runs behind its inputs") }
        return value
      }
      // Before the step, so that a sum may be written over what nobody needs any more.
      for id in step.released { values[id] = nil }
      let start = observer.map { _ in ContinuousClock.now }
      let value = try run(step.kind, consume inputs)
      if let observer, let start { observer(step.nodes, ContinuousClock.now - start) }
      if outputs.contains(step.output) { body(step.output, value) }
      if step.isRead { values[step.output] = value }
    }
  }

  /// Bytes of values that are held at once for images of a shape [N, H, W, C]: by `values(of:images:)`, which keeps the
  /// outputs, or by `visit`, which does not.
  public func peakBytes(
    of outputs: Set<Graph.NodeID>, images shape: [Int], keepsOutputs: Bool = true
  ) -> Int {
    let shapes = graph.shapes(input: shape)
    func bytes(_ id: Graph.NodeID) -> Int {
      (shapes[id] ?? []).reduce(MemoryLayout<Float>.stride, *)
    }
    var live = shape.reduce(MemoryLayout<Float>.stride, *)
    var peak = live
    for step in plan(for: outputs).steps {
      live += bytes(step.output)
      peak = max(peak, live)
      for id in step.released where !(keepsOutputs && outputs.contains(id)) { live -= bytes(id) }
      // Only outputs are computed without being read.
      if !step.isRead, !keepsOutputs { live -= bytes(step.output) }
    }
    return peak
  }

  private func plan(for outputs: Set<Graph.NodeID>) -> EvaluationPlan {
    if let found = plans[outputs] { return found }
    let made = EvaluationPlan(graph, outputs: outputs)
    plans[outputs] = made
    return made
  }

  private func run(
    _ kind: EvaluationPlan.Step.Kind, _ inputs: consuming [Tensor]
  ) throws(EngineError) -> Tensor {
    var inputs = inputs
    switch kind {
    case .convolution(let layer, let norm, let relu):
      let (kernel, bias) = folded(layer, norm)
      let epilogue = ConvolutionEpilogue(bias: bias, addend: inputs.count > 1 ? inputs[1] : nil, relu: relu)
      return try inputs[0].convolved(with: kernel, layer.geometry, epilogue: epilogue, on: backend)
    case .transposedConvolution(let layer, let norm, let relu):
      let (code, size) = (inputs[0], Size2D(height: inputs[1].height, width: inputs[1].width))
      let epilogue = TransposedEpilogue(
        affine: norm.map(affine), addends: Array(inputs.dropFirst(2)), relu: relu)
      inputs = []
      return try code.transposeConvolved(
        with: folded(layer, nil).kernel, layer.geometry, outputSize: size, epilogue: epilogue, on: backend)
    case .sum(let norms, let relu):
      let summands = zip(inputs, norms).map { Summand($0, affine: $1.map(affine)) }
      inputs = []
      return Tensor.sum(summands, relu: relu)
    case .linear(let layer):
      return try inputs[0].linear(with: kernel(of: layer), bias: layer.bias.value, on: backend)
    case .elementary(let operation): return operation.value(of: inputs)
    }
  }

  private func folded(
    _ layer: Convolution, _ norm: BatchNormalization?
  ) -> (kernel: ConvolutionKernel, bias: Tensor?) {
    let key = FoldKey(layer: ObjectIdentifier(layer), norm: norm.map(ObjectIdentifier.init))
    if let found = kernels[key] { return found }
    let affine = norm.map(affine)
    let made = (ConvolutionKernel(layer.weight.value, scale: affine?.scale), affine?.shift)
    kernels[key] = made
    return made
  }

  private func kernel(of layer: Linear) -> ConvolutionKernel {
    let key = FoldKey(layer: ObjectIdentifier(layer), norm: nil)
    if let found = kernels[key] { return found.kernel }
    let weight = layer.weight.value
    let made = ConvolutionKernel(weight.reshaped(weight.shape + [1, 1]))
    kernels[key] = (made, nil)
    return made
  }

  private func affine(of norm: BatchNormalization) -> ChannelAffine {
    let key = ObjectIdentifier(norm)
    if let found = affines[key] { return found }
    let made = norm.affine()
    affines[key] = made
    return made
  }
}
