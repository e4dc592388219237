import EDNets
import Networks
import Tensors

/// Maps of some images by some methods.
public struct Explanation: Sendable {
  /// What a map is of.
  public struct Key: Hashable, Sendable {
    /// Where.
    public let tap: Tap
    /// By which method, or "evidence".
    public let method: String
  }

  /// Maps [N, h, w, 1], before ReLU, scaling and resizing.
  public let maps: [(key: Key, map: Tensor)]
  /// Activations [N, h, w, C] of each tap.
  public let activations: [Tap: Tensor]
  /// [N, classes] before softmax.
  public let logits: Tensor
  /// The class that each image's maps are about; nil if none was asked for.
  public let classes: [Int]?
}

extension AttentionSession {
  /// Makes sure that a method means something at a tap.
  /// - Throws: `UnknownBlock`, `AttentionError`.
  public func check(_ method: any MapMethod, at tap: Tap) throws {
    try Place(tap, in: model.network).check(method, in: model.network)
  }

  /// Maps of preprocessed images [N, H, W, 3] by methods at taps; and, with a question, the evidence of each tap that is a
  /// term of its block's sum: Σₖ ∂S/∂sum ⊙ branch, whose terms add up to HiResCAM of the output.
  /// - Parameter question: what methods that need a gradient ask; without one they are left out.
  /// - Throws: `UnknownBlock` and `AttentionError`, before anything is computed, also where a method means nothing;
  ///   `EngineError`.
  public func explain(
    _ wanted: [(tap: Tap, methods: [any MapMethod])], question: ClassQuestion?, images: Tensor
  ) throws -> Explanation {
    let network = model.network
    let places = try wanted.map { try Place($0.tap, in: network) }
    for (place, (_, methods)) in zip(places, wanted) {
      for method in methods { try place.check(method, in: network) }
    }
    let asks = question != nil
    let probes = wanted.contains { $0.methods.contains { $0 is any ProbingMapMethod } }
    let watched = asks ? Set(places.flatMap { [$0.gradient, $0.sum].compactMap { $0 } }) : []
    var outputs = Set(places.flatMap(\.nodes)).union([network.logits])
    if probes {
      for place in places {
        outputs.formUnion(network.graph.read(behind: place.gradient, for: network.logits))
      }
    }
    let lowest = watched.union(outputs).min() ?? network.logits
    // Nothing above the lowest tap vanishes, at most.
    let kept = asks ? outputs.union(network.graph.ids.filter { $0 >= lowest }) : outputs
    let bytes = try evaluator.checkedPeakBytes(of: kept, images: images.shape)
    return try MemoryBudget.shared.holding(bytes, images: images.shape) {
      let fed = Dictionary(uniqueKeysWithValues: network.graph.inputs.map { ($0, images) })
      let pass = try evaluator.differentiable(outputs, watching: watched, feeding: fed)
      guard let logits = pass.values[network.logits] else { preconditionFailure("the logits are an output") }
      let gradients =
        try question.map { try pass.gradients(from: [network.logits: $0.seed(for: logits)]) } ?? [:]
      var maps: [(Explanation.Key, Tensor)] = []
      var activations: [Tap: Tensor] = [:]
      for (place, (_, methods)) in zip(places, wanted) {
        let terms = place.nodes.compactMap { pass.values[$0] }
        let activation = terms.count == 1 ? terms[0] : Tensor.sum(terms.map { Summand($0) })
        activations[place.tap] = activation
        func add(_ name: String, _ map: Tensor) {
          maps.append((Explanation.Key(tap: place.tap, method: name), map))
        }
        // What does not lead to the logits has no gradient: it says nothing of any class.
        func gradient(at node: Graph.NodeID) -> Tensor {
          gradients[node] ?? Tensor(repeating: 0, shape: activation.shape)
        }
        for method in methods where asks || !method.asksAboutClass {
          if let method = method as? any LocalMapMethod {
            let gradient = method.asksAboutClass ? gradient(at: place.gradient) : nil
            add(method.name, Self.map(activation, gradient, by: method))
          } else if let method = method as? any ProbingMapMethod, let question {
            add(method.name, try map(activation, by: method, at: place, images, question, pass.values))
          }
        }
        if asks, let sum = place.sum {
          add("evidence", Self.map(activation, gradient(at: sum), by: HiResCAM()))
        }
      }
      return Explanation(
        maps: maps, activations: activations, logits: logits,
        classes: question?.choice.classes(of: logits))
    }
  }

  /// Σₖ wₖ Aₖ of each image.
  private func map(
    _ activation: Tensor, by method: any ProbingMapMethod, at place: Place, _ images: Tensor,
    _ question: ClassQuestion, _ values: [Graph.NodeID: Tensor]
  ) throws -> Tensor {
    let network = model.network
    guard let logits = values[network.logits] else { preconditionFailure("the logits are an output") }
    let (classes, others) = (question.choice.classes(of: logits), question.against?.classes(of: logits))
    let rest = network.graph.read(behind: place.gradient, for: network.logits)
    let maps = try (0..<images.batch).map { n -> Tensor in
      let row = logits.image(n)
      let (index, against) = (classes[n], others?[n])
      let one = activation.image(n)
      let probe = ClassProbe(
        image: images.image(n), activation: one,
        score: Double(row[index]) - (against.map { Double(row[$0]) } ?? 0), evaluator: evaluator,
        logits: network.logits, node: place.gradient,
        rest: Dictionary(
          uniqueKeysWithValues: rest.compactMap { id in values[id].map { (id, $0.image(n)) } }),
        chosen: (index, against))
      let weights = try method.weights(probe)
      return Self.map(one, nil, by: Weighted(weights: weights))
    }
    return Tensor(maps.flatMap(\.elements), shape: activation.shape.dropLast() + [1])
  }

  /// Σₖ wₖ Aₖ with given weights.
  private struct Weighted: LocalMapMethod {
    let name = "weighted"
    let weights: [Double]

    func map(of seen: SeenImage) -> [Float] { seen.weighted(weights) }
  }

  private static func map(_ activation: Tensor, _ gradient: Tensor?, by method: any LocalMapMethod) -> Tensor
  {
    let (cells, channels) = (activation.height * activation.width, activation.channels)
    let size = cells * channels
    return Tensor(shape: [activation.batch, activation.height, activation.width, 1]) { map in
      activation.withUnsafeElements { values in
        func fill(_ slopes: UnsafeBufferPointer<Float>?) {
          for image in 0..<activation.batch {
            let range = image * size..<(image + 1) * size
            let seen = SeenImage(
              cells: cells, channels: channels, activation: UnsafeBufferPointer(rebasing: values[range]),
              gradient: slopes.map { UnsafeBufferPointer(rebasing: $0[range]) }
                ?? UnsafeBufferPointer(start: nil, count: 0))
            for (cell, value) in method.map(of: seen).enumerated() { map[image * cells + cell] = value }
          }
        }
        if let gradient { gradient.withUnsafeElements { fill($0) } } else { fill(nil) }
      }
    }
  }

  /// A tap in a network's graph.
  private struct Place {
    let tap: Tap
    /// Whose values add up to the tap's.
    let nodes: [Graph.NodeID]
    /// Whose gradient is the tap's: its own, or its block's sum's if it is a sum that the block never forms.
    let gradient: Graph.NodeID
    /// The block's sum, if the tap is one of its terms or made of them.
    let sum: Graph.NodeID?

    init(_ tap: Tap, in network: Network) throws {
      let block = try network.block(named: tap.block)
      self.tap = tap
      nodes = try network.nodes(of: tap)
      let isTerm = tap.branch.terms.allSatisfy { [.shortcut, .transform, .decoder].contains($0) }
      sum = isTerm ? block.taps[.sum] : nil
      gradient = nodes.count == 1 ? nodes[0] : block.taps[.sum] ?? block.output
    }

    func check(_ method: any MapMethod, in network: Network) throws(AttentionError) {
      if !method.allowsNegativeValues, !nodes.allSatisfy(network.isRectified) {
        throw .methodOnNegativeValues(method: method.name, branch: tap.branch.name, block: tap.block)
      }
      if method is any ProbingMapMethod, nodes.count != 1 {
        throw .methodNeedsBranch(method: method.name, branch: tap.branch.name)
      }
      if method is CAM, !network.classifies(nodes) { throw .methodNeedsHead(method: method.name) }
    }
  }
}

extension Network {
  /// Whether a node's values are averaged over the map and go through one linear layer to the logits.
  fileprivate func classifies(_ nodes: [Graph.NodeID]) -> Bool {
    guard graph[logits].operation is Linear, nodes.count == 1 else { return false }
    let pooled = graph[logits].inputs[0]
    return graph[pooled].operation is GlobalAveragePool && graph[pooled].inputs == nodes
  }
}
