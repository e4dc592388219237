import CKernels
import Tensors

/// A pass in evaluation mode through which gradients can go back, from outputs to watched nodes; parameters get none.
///
/// It computes with the evaluator's folded weights both ways. What no gradient goes through is fused and kept as in any pass.
public struct DifferentiablePass: Sendable {
  /// The outputs' values.
  public let values: [Graph.NodeID: Tensor]
  private let evaluator: Evaluator
  private let watched: Set<Graph.NodeID>
  private let active: Set<Graph.NodeID>
  private let steps: [Kept]

  /// What a step leaves for the way back.
  private struct Kept: @unchecked Sendable {
    let step: EvaluationPlan.Step
    /// Of the first input.
    let size: Size2D?
    /// The value, if it is that of a ReLU.
    let clamped: Tensor?
    let wayBack: Recorded.WayBack?
    var edit: Recorded.WayBack?
  }

  fileprivate init(
    _ evaluator: Evaluator, _ pass: Pass, watched: Set<Graph.NodeID>, plan: EvaluationPlan
  ) throws(EngineError) {
    let recordedPass = RecordedPass(
      learns: false, statistics: .running, isOnce: false, backend: evaluator.backend)
    var active = watched
    var kept: [Kept] = []
    var values: [Graph.NodeID: Tensor] = [:]
    var outputs: [Graph.NodeID: Tensor] = [:]
    func edited(_ value: Tensor, of id: Graph.NodeID) throws(EngineError) -> Tensor {
      guard let edit = pass.edits[id] else { return value }
      guard active.contains(id), !kept.isEmpty, kept[kept.count - 1].step.output == id else {
        return try edit.value(of: [value], on: evaluator.backend)
      }
      let recorded = try edit.recorded([value], recordedPass)
      kept[kept.count - 1].edit = recorded.wayBack
      return recorded.output
    }
    for (id, value) in pass.fed {
      values[id] = try edited(value, of: id)
      if pass.outputs.contains(id) { outputs[id] = values[id] }
    }
    for step in plan.steps {
      let inputs = step.inputs.compactMap { values[$0] }
      precondition(inputs.count == step.inputs.count, "a step runs behind its inputs")
      for id in step.released { values[id] = nil }
      var value: Tensor
      if step.differentiable.contains(where: { active.contains(step.inputs[$0]) }) {
        active.insert(step.output)
        let size = inputs[0].shape.count == 4 ? inputs[0].size : nil
        var wayBack: Recorded.WayBack?
        if case .other(let operation) = step.kind {
          let recorded = try operation.recorded(inputs, recordedPass)
          (value, wayBack) = (recorded.output, recorded.wayBack)
        } else {
          value = try evaluator.run(step.kind, inputs, projection: nil)
        }
        kept.append(
          Kept(step: step, size: size, clamped: step.kind.endsInReLU ? value : nil, wayBack: wayBack))
      } else {
        value = try evaluator.run(step.kind, inputs, projection: nil)
      }
      SharedMachine.shared.heed()
      value = try edited(value, of: step.output)
      if pass.outputs.contains(step.output) { outputs[step.output] = value }
      if step.isRead { values[step.output] = value }
    }
    self.values = outputs
    self.evaluator = evaluator
    self.watched = watched
    self.active = active
    steps = kept
  }

  /// The gradients of the watched nodes, those of edited ones being of what others read, from gradients of some outputs.
  /// It may be called again, from other gradients.
  public func gradients(from seeds: [Graph.NodeID: Tensor]) throws(EngineError) -> [Graph.NodeID: Tensor] {
    precondition(seeds.keys.allSatisfy { values[$0] != nil }, "gradients start from outputs")
    var pending = PendingGradients(seeds, watched: watched)
    for kept in steps.reversed() {
      pending.note(kept.step.output)
      guard var contributions = pending.take(kept.step.output) else { continue }
      if let edit = kept.edit { contributions = try edit(contributions, [true], nil).compactMap { $0 } }
      for (place, gradient) in try inputGradients(kept, contributions) {
        pending.add(gradient, to: kept.step.inputs[place])
      }
      SharedMachine.shared.heed()
    }
    for id in watched where pending.found[id] == nil { pending.note(id) }
    return pending.found
  }

  /// The gradients of those inputs of a step that need them, with their places among the inputs.
  private func inputGradients(
    _ kept: Kept, _ contributions: [Tensor]
  ) throws(EngineError) -> [(Int, Tensor)] {
    let step = kept.step
    let wanted = step.differentiable.filter { active.contains(step.inputs[$0]) }
    if let wayBack = kept.wayBack {
      let isWanted = step.inputs.map(active.contains)
      let gradients = try wayBack(contributions, isWanted, nil)
      return wanted.compactMap { place in gradients[place].map { (place, $0) } }
    }
    var gradient = Tensor.total(contributions)
    if let clamped = kept.clamped {
      gradient = NormalizedSum(terms: [], clampedTo: clamped).gradients([gradient]).sum
    }
    var found: [(Int, Tensor)] = []
    for place in wanted {
      switch step.kind {
      case .convolution(let layer, let norm, _) where place == 0:
        guard let size = kept.size else { continue }
        let kernel = evaluator.folded(layer, nil).kernel
        found.append(
          (
            place,
            try layer.inputGradient(
              scaled(gradient, by: norm), with: kernel, size: size, on: evaluator.backend)
          ))
      case .convolution: found.append((place, gradient))
      case .sum(let norms, _): found.append((place, scaled(gradient, by: norms[place])))
      case .linear(let layer):
        let kernel = evaluator.kernel(of: layer)
        found.append((place, try gradient.linearDataGradient(with: kernel, on: evaluator.backend)))
      case .other: preconditionFailure("other operations have a way back of their own")
      }
    }
    return found
  }

  private func scaled(_ gradient: Tensor, by norm: BatchNormalization?) -> Tensor {
    guard let norm else { return gradient }
    let scale = evaluator.affine(of: norm).scale
    let affine = ChannelAffine(scale: scale, shift: Tensor(repeating: 0, shape: scale.shape))
    return Tensor.sum([Summand(gradient, affine: affine)])
  }
}

extension EvaluationPlan.Step {
  /// Places of the inputs whose values count, so that gradients flow to them.
  fileprivate var differentiable: [Int] {
    switch kind {
    case .convolution(let layer, _, _): inputs.indices.filter { !layer.isTransposed || $0 != 1 }
    case .sum, .linear: Array(inputs.indices)
    case .other(let operation): Array(inputs.indices.prefix(operation.readInputs ?? inputs.count))
    }
  }
}

extension EvaluationPlan.Step.Kind {
  fileprivate var endsInReLU: Bool {
    switch self {
    case .convolution(_, _, let relu), .sum(_, let relu): relu
    case .linear, .other: false
    }
  }
}

extension Evaluator {
  /// A pass that gradients can go back through.
  /// - Parameters:
  ///   - outputs: nodes whose values are wanted, and which gradients start from.
  ///   - watched: nodes whose gradients are wanted.
  ///   - fed: values that are given, of the images and of any other node.
  ///   - edits: operations of one input, through which values go before others see them.
  public func differentiable(
    _ outputs: Set<Graph.NodeID>, watching watched: Set<Graph.NodeID>, feeding fed: [Graph.NodeID: Tensor],
    editing edits: [Graph.NodeID: any Operation] = [:]
  ) throws(EngineError) -> DifferentiablePass {
    SharedMachine.shared.begin()
    edviz_forget_overflow()
    let pass = Pass(outputs: outputs, fed: fed, edits: edits)
    let wanted = Pass(outputs: outputs.union(watched), fed: fed, edits: edits)
    let fused = try DifferentiablePass(self, pass, watched: watched, plan: plan(for: wanted))
    guard edviz_overflowed() != 0 else { return fused }
    // What is fused would hide what is not finite.
    return try DifferentiablePass(self, pass, watched: watched, plan: plan(for: unfused(wanted)))
  }
}
