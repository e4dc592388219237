import CKernels
import Tensors

/// A network that is being trained: forward, backward and step.
///
/// Every learnt parameter is in exactly one group. Values, gradients and directions each lie in one block, so that a step
/// is one pass over memory; while a trainer lives, the parameters' values are views of its memory. A tensor that somebody
/// took from a parameter or from `state` stays as it is nevertheless: what would change memory that others hold moves the
/// trainer to a copy first. Nobody may take one while another thread calls the trainer.
public final class Trainer {
  /// Stochastic gradient descent with momentum, as torch.optim.SGD without dampening.
  public struct Rule: Codable, Hashable, Sendable {
    /// Share of the last direction that is kept.
    public var momentum: Float
    /// Looks ahead along the direction (Nesterov).
    public var nesterov: Bool
    /// Share of the old values in the exponential moving average of the parameters at each step; nil keeps none.
    public var averaging: Float?

    /// A rule; the defaults are the paper's momentum of 0.9 and nothing else.
    public init(momentum: Float = 0.9, nesterov: Bool = false, averaging: Float? = nil) {
      self.momentum = momentum
      self.nesterov = nesterov
      self.averaging = averaging
    }
  }

  private let tape: Tape
  private let logits: Graph.NodeID
  private let penalty: MapPenalty?
  private let match: FeatureMatch?
  private let rule: Rule
  private let gradients: ParameterGradients
  private var values: Storage
  private var directions: Storage
  private let average: ParameterAverage?
  private let statistics: [Parameter]
  /// Floats of each group, which stand one behind the other.
  private let spans: [(group: ParameterGroup, range: Range<Int>)]
  /// Passes since the last step.
  private var passes = 0

  /// A trainer of `graph`, all of whose parameters have values; with a match of that one's graph, whose parameter is in a
  /// group as well.
  public init(
    _ graph: Graph, logits: Graph.NodeID, groups: [ParameterGroup], rule: Rule,
    penalty: MapPenalty? = nil, match: FeatureMatch? = nil,
    backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) {
    let graph = match?.graph ?? graph
    let learnt = groups.flatMap(\.parameters)
    let all = graph.parameters
    precondition(
      Set(learnt.map(ObjectIdentifier.init)) == Set(all.filter(\.isLearnt).map(ObjectIdentifier.init))
        && learnt.count == Set(learnt.map(ObjectIdentifier.init)).count,
      "every learnt parameter is in exactly one group")
    tape = Tape(
      graph, outputs: Set([logits, penalty?.node, match?.node].compactMap { $0 }), backend: backend)
    self.logits = logits
    self.penalty = penalty
    self.match = match
    self.rule = rule
    gradients = ParameterGradients(learnt)
    statistics = all.filter { !$0.isLearnt }
    let layout = gradients.layout
    let (values, directions) = (Storage(count: layout.count), Storage(count: layout.count))
    for block in [values, directions] { block.pointer.update(repeating: 0, count: layout.count) }
    for parameter in learnt {
      guard let place = layout.place(of: parameter), let view = layout.view(of: parameter, in: values) else {
        continue
      }
      parameter.value.withUnsafeElements { elements in
        guard let start = elements.baseAddress else { return }
        (values.pointer + place.lowerBound).update(from: start, count: place.count)
      }
      parameter.value = view
    }
    var spans: [(ParameterGroup, Range<Int>)] = []
    for group in groups {
      let places = group.parameters.compactMap(layout.place)
      guard let first = places.first, let last = places.last else { continue }
      spans.append((group, first.lowerBound..<(last.upperBound + 15) & ~15))
    }
    self.spans = spans
    (self.values, self.directions) = (values, directions)
    if let kept = rule.averaging {
      average = ParameterAverage(layout, of: values, all.filter { !$0.isLearnt }, kept: kept)
    } else {
      average = nil
    }
  }

  /// Adds the gradients of the loss of one batch (images [N, H, W, C], targets [N, classes]) to those gathered since
  /// the last step, and moves the running statistics of batch normalisation.
  /// - Parameter features: what a match compares with, [N, h, w, C].
  /// - Returns: the mean loss, without a penalty or a match, and the logits.
  public func accumulate(
    images: Tensor, targets: Tensor, features: Tensor? = nil, loss: Loss
  ) throws(EngineError) -> (loss: Double, logits: Tensor) {
    let outputs = try tape.forward(images)
    guard let output = outputs[logits] else { preconditionFailure("the logits are an output") }
    let (value, gradient) = loss.evaluate(logits: output, targets: targets)
    if passes == 0 { gradients.reset() }
    var seeds = [logits: gradient]
    if let penalty, let map = outputs[penalty.node] { seeds[penalty.node] = penalty.gradient(of: map) }
    if let match, let features, let predicted = outputs[match.node] {
      seeds[match.node] = match.evaluate(predicted, features: features).gradient
    }
    _ = try tape.backward(from: seeds, into: gradients)
    passes += 1
    return (value, output)
  }

  /// Changes the parameters by the mean of the gathered gradients, and forgets those.
  public func step(rate: Float) {
    precondition(passes > 0, "a step follows a backward pass")
    precondition(isAttached, "a parameter was given a value while its trainer lives")
    leaveSharedMemory()
    gradients.fillUnwritten()
    for (group, range) in spans {
      edviz_descend(
        values.pointer + range.lowerBound, directions.pointer + range.lowerBound,
        gradients.block.pointer + range.lowerBound, Int64(range.count), rate * group.rateFactor,
        rule.momentum,
        group.weightDecay, 1 / Float(passes), rule.nesterov ? 1 : 0)
    }
    average?.update(with: values)
    passes = 0
  }

  /// Makes the memory the trainer's own where others hold tensors that lie in it.
  private func leaveSharedMemory() {
    let layout = gradients.layout
    if !layout.parameters.allSatisfy(\.isValueUniquelyHeld) {
      values = values.copy(count: layout.count)
      for parameter in layout.parameters {
        if let view = layout.view(of: parameter, in: values) { parameter.value = view }
      }
    }
    if !isKnownUniquelyReferenced(&directions) { directions = directions.copy(count: layout.count) }
    average?.leaveSharedMemory()
  }

  /// Everything beside the network's parameters that the next step depends on: a tensor `momentum.NAME` for each learnt
  /// parameter, `average.NAME` for each parameter if an average is kept, and `value.NAME` for that of a match.
  public var state: [(name: String, tensor: Tensor)] {
    let layout = gradients.layout
    let momenta = layout.parameters.compactMap { parameter in
      layout.view(of: parameter, in: directions).map { ("momentum." + parameter.name, $0) }
    }
    return momenta + (average?.tensors.map { ("average." + $0.name, $0.tensor) } ?? [])
      + (match.map { [("value." + $0.parameter.name, $0.parameter.value)] } ?? [])
  }

  /// Takes the state back: the names and shapes must be those that `state` gives.
  /// - Returns: the names that are missing, unexpected or of another shape; nothing has changed unless it is empty.
  public func restore(_ state: [String: Tensor]) -> [String] {
    let expected = self.state
    var wrong = expected.filter { state[$0.name]?.shape != $0.tensor.shape }.map(\.name)
    wrong += Set(state.keys).subtracting(expected.map(\.name)).sorted()
    guard wrong.isEmpty else { return wrong }
    leaveSharedMemory()
    let layout = gradients.layout
    for parameter in layout.parameters {
      guard let place = layout.place(of: parameter) else { continue }
      for (prefix, block) in [("momentum.", directions), ("value.", values)] {
        state[prefix + parameter.name]?.withUnsafeElements { elements in
          guard let start = elements.baseAddress else { return }
          (block.pointer + place.lowerBound).update(from: start, count: place.count)
        }
      }
    }
    average?.restore { state["average." + $0] }
    return []
  }

  /// Calls `body` while the parameters hold their moving average, or as they are if no average is kept.
  public func withAveragedParameters<R>(_ body: () throws -> R) rethrows -> R {
    guard let average else { return try body() }
    func exchange() {
      leaveSharedMemory()
      average.exchange(with: values)
    }
    exchange()
    defer { exchange() }
    return try body()
  }

  /// Whether the parameters are still views of this trainer's memory.
  private var isAttached: Bool {
    let layout = gradients.layout
    guard let first = layout.parameters.first, let last = layout.parameters.last else { return true }
    return [first, last].allSatisfy { parameter in
      guard let place = layout.place(of: parameter) else { return false }
      return parameter.value.storage.pointer == values.pointer + place.lowerBound
    }
  }

  /// False if a parameter has become infinite or NaN.
  public var isFinite: Bool {
    edviz_is_finite(values.pointer, Int64(gradients.layout.count)) != 0
      && statistics.allSatisfy(\.value.isFinite)
  }
}
