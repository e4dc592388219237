import CKernels
import Synchronization
import Tensors

/// Computes values of a graph in evaluation mode; threads may share it.
///
/// Folded and packed weights are kept between calls, so parameters must not change while an evaluator lives.
public final class Evaluator: Sendable {
  /// Told of each step that was computed: its nodes in their order, of which the last is the one whose value it has
  /// and the others vanished into it, and how long it took. Nothing is timed while nobody listens.
  public typealias Observer = (_ nodes: [Graph.NodeID], _ duration: Duration) -> Void

  let graph: Graph
  let backend: any ConvolutionBackend
  private let plans = Mutex<[PlanKey: EvaluationPlan]>([:])
  private let kernels = Mutex<[FoldKey: FoldedKernel]>([:])
  private let affines = Mutex<[ObjectIdentifier: ChannelAffine]>([:])
  /// Passes that were made once more, step by step, because something had overflowed.
  let carefulPasses = Atomic(0)

  private struct PlanKey: Hashable {
    let outputs, fed, edited: Set<Graph.NodeID>
  }

  private struct FoldKey: Hashable {
    let layer: ObjectIdentifier
    let norm: ObjectIdentifier?
  }

  /// Weights with a normalisation folded into them.
  struct FoldedKernel {
    let kernel: ConvolutionKernel
    let bias: Tensor?
  }

  /// An evaluator of `graph`, whose parameters have values by the first call.
  public init(_ graph: Graph, backend: any ConvolutionBackend = ConvolutionBackends.preferred) {
    self.graph = graph
    self.backend = backend
  }

  /// The values of the wanted nodes for images [N, H, W, C]; only what they need is computed.
  public func values(
    of outputs: Set<Graph.NodeID>, images: Tensor, observer: Observer? = nil
  ) throws(EngineError) -> [Graph.NodeID: Tensor] {
    try values(of: outputs, feeding: feed(images), observer: observer)
  }

  /// As `visit(_:feeding:editing:observer:_:)`, keeping the values.
  public func values(
    of outputs: Set<Graph.NodeID>, feeding fed: [Graph.NodeID: Tensor],
    editing edits: [Graph.NodeID: any Operation] = [:], observer: Observer? = nil
  ) throws(EngineError) -> [Graph.NodeID: Tensor] {
    var values: [Graph.NodeID: Tensor] = [:]
    try visit(outputs, feeding: fed, editing: edits, observer: observer) { values[$0] = $1 }
    return values
  }

  /// As `visit(_:feeding:editing:observer:_:)`, for images [N, H, W, C].
  public func visit(
    _ outputs: Set<Graph.NodeID>, images: Tensor, observer: Observer? = nil,
    _ body: (Graph.NodeID, Tensor) -> Void
  ) throws(EngineError) {
    try visit(outputs, feeding: feed(images), observer: observer, body)
  }

  private func feed(_ images: Tensor) -> [Graph.NodeID: Tensor] {
    Dictionary(uniqueKeysWithValues: graph.inputs.map { ($0, images) })
  }

  /// Hands on the value of each wanted node as soon as it is computed, in the order of computation, and keeps none
  /// longer than the network needs it. A value that is no number stays one on every path, as in PyTorch.
  /// - Parameters:
  ///   - fed: values that are given, of the images and of any other node; what only they are computed from is not.
  ///   - edits: operations of one input, through which values go before others, and `body`, see them.
  public func visit(
    _ outputs: Set<Graph.NodeID>, feeding fed: [Graph.NodeID: Tensor],
    editing edits: [Graph.NodeID: any Operation] = [:], observer: Observer? = nil,
    _ body: (Graph.NodeID, Tensor) -> Void
  ) throws(EngineError) {
    let pass = Pass(outputs: outputs, fed: fed, edits: edits)
    let plan = plan(for: pass)
    let threads = Threads.count
    let team = SharedMachine.shared.begin()
    let isOtherTeam = team != threads && backend.ignoresThreads
    if isOtherTeam { Threads.use(team) }
    defer { if isOtherTeam { Threads.use(threads) } }
    edviz_forget_overflow()
    var values: [Graph.NodeID: Tensor] = [:]
    for (id, value) in fed.sorted(by: { $0.key < $1.key }) {
      let value = try pass.edited(value, of: id, on: backend)
      values[id] = value
      if outputs.contains(id) { body(id, value) }
    }
    var projections: [Graph.NodeID: (value: Projection, nodes: [Graph.NodeID])] = [:]
    var careful: CarefulValues?
    for step in plan.steps {
      let projection = step.inputs.compactMap { projections.removeValue(forKey: $0) }.first
      let inputs = step.inputs.compactMap { values[$0] }
      precondition(
        inputs.count + (projection == nil ? 0 : 1) == step.inputs.count, "a step runs behind its inputs")
      // Before the step, so that a sum may be written over what nobody needs any more.
      for id in step.released { values[id] = nil }
      if let postponed = self.projection(step, inputs) {
        projections[step.output] = (postponed, step.nodes)
        continue
      }
      let start = observer.map { _ in ContinuousClock.now }
      let computed = try run(step.kind, consume inputs, projection: projection?.value)
      let value = try pass.edited(computed, of: step.output, on: backend)
      SharedMachine.shared.heed()
      if let observer, let start {
        observer(((projection?.nodes ?? []) + step.nodes).sorted(), ContinuousClock.now - start)
      }
      if outputs.contains(step.output) {
        if careful == nil, edviz_overflowed() != 0 {
          let found = try carefulValues(of: pass)
          if found.isNeeded { careful = found }
        }
        body(step.output, careful?.corrected(value, of: step.output) ?? value)
        // What the caller computes is no concern of the network's.
        if careful == nil { edviz_forget_overflow() }
      }
      if step.isRead { values[step.output] = value }
    }
  }

  /// Channels of the images.
  public var inputChannels: Int { graph.inputChannels }

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

  /// Whether images of a shape [N, H, W, C] are large enough: every window on the way to the outputs fits its map.
  public func fits(_ outputs: Set<Graph.NodeID>, images shape: [Int]) -> Bool {
    let shapes = graph.shapes(input: shape)
    return plan(for: outputs).steps.allSatisfy { step in
      step.nodes.allSatisfy { shapes[$0]?.allSatisfy { $0 > 0 } ?? true }
    }
  }

  /// The plan of a pass that is given images and nothing else.
  private func plan(for outputs: Set<Graph.NodeID>) -> EvaluationPlan {
    plan(for: PlanKey(outputs: outputs, fed: Set(graph.inputs), edited: []))
  }

  func plan(for pass: Pass) -> EvaluationPlan {
    plan(for: PlanKey(outputs: pass.outputs, fed: Set(pass.fed.keys), edited: Set(pass.edits.keys)))
  }

  private func plan(for key: PlanKey) -> EvaluationPlan {
    plans.withLock {
      $0.value(for: key) {
        EvaluationPlan(graph, outputs: key.outputs, fed: key.fed, edited: key.edited)
      }
    }
  }

  /// What the step computes, if its decoder adds it.
  private func projection(_ step: EvaluationPlan.Step, _ inputs: [Tensor]) -> Projection? {
    guard let decoder = step.decoder, case .convolution(let layer, let norm, _) = step.kind else {
      return nil
    }
    let folded = folded(layer, norm)
    let projection = Projection(inputs[0], kernel: folded.kernel, bias: folded.bias)
    return backend.adds(projection, to: decoder.geometry, inputs: decoder.inputs) ? projection : nil
  }

  func run(
    _ kind: EvaluationPlan.Step.Kind, _ inputs: consuming [Tensor], projection: Projection?
  ) throws(EngineError) -> Tensor {
    var inputs = inputs
    switch kind {
    case .convolution(let layer, let norm, let relu) where !layer.isTransposed:
      let folded = folded(layer, norm)
      let epilogue = ConvolutionEpilogue(
        bias: folded.bias, addend: inputs.count > 1 ? inputs[1] : nil, relu: relu)
      return try inputs[0].convolved(with: folded.kernel, layer.geometry, epilogue: epilogue, on: backend)
    case .convolution(let layer, let norm, let relu):
      let (code, size) = (inputs[0], inputs[1].size)
      let epilogue = TransposedEpilogue(
        affine: norm.map(affine), projection: projection, addends: Array(inputs.dropFirst(2)), relu: relu)
      inputs = []
      return try code.transposeConvolved(
        with: folded(layer, nil).kernel, layer.geometry, outputSize: size, epilogue: epilogue, on: backend)
    case .sum(let norms, let relu):
      let summands = zip(inputs, norms).map { Summand($0, affine: $1.map(affine)) }
      inputs = []
      return Tensor.sum(summands, relu: relu)
    case .linear(let layer):
      return try inputs[0].linear(with: kernel(of: layer), bias: layer.bias.value, on: backend)
    case .other(let operation): return try operation.value(of: inputs, on: backend)
    }
  }

  func folded(_ layer: Convolution, _ norm: BatchNormalization?) -> FoldedKernel {
    let key = FoldKey(layer: ObjectIdentifier(layer), norm: norm.map(ObjectIdentifier.init))
    return kernels.withLock { kernels in
      kernels.value(for: key) {
        let affine = norm.map(affine)
        return FoldedKernel(
          kernel: ConvolutionKernel(layer.weight.value, scale: affine?.scale), bias: affine?.shift)
      }
    }
  }

  func kernel(of layer: Linear) -> ConvolutionKernel {
    let key = FoldKey(layer: ObjectIdentifier(layer), norm: nil)
    return kernels.withLock { kernels in
      kernels.value(for: key) {
        FoldedKernel(kernel: layer.kernel, bias: nil)
      }
    }.kernel
  }

  func affine(of norm: BatchNormalization) -> ChannelAffine {
    affines.withLock { $0.value(for: ObjectIdentifier(norm)) { norm.affine() } }
  }
}

extension Dictionary {
  /// The value for a key, made if there is none yet.
  fileprivate mutating func value(for key: Key, make: () -> Value) -> Value {
    if let found = self[key] { return found }
    let made = make()
    self[key] = made
    return made
  }
}
