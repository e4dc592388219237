import EDNets
import Networks
import Tensors

/// Activations that are looked at while the network runs, so that a deep network's need not all be kept.
struct ActivationVisit {
  /// The nodes whose sum each activation is.
  let terms: [[Graph.NodeID]]
  private let places: [Graph.NodeID: [Int]]

  init(terms: [[Graph.NodeID]]) {
    self.terms = terms
    var places: [Graph.NodeID: [Int]] = [:]
    for (index, nodes) in terms.enumerated() {
      for node in nodes { places[node, default: []].append(index) }
    }
    self.places = places
  }

  /// Runs preprocessed images [N, H, W, 3] and hands on each activation [N, h, w, C] as soon as it is known.
  /// - Throws: `AttentionError.needsMemory` or `.imagesTooSmall` before anything is computed; `EngineError`.
  func run(_ session: AttentionSession, images: Tensor, body: (_ index: Int, Tensor) -> Void) throws {
    let nodes = Set(places.keys)
    let bytes = try session.evaluator.checkedPeakBytes(
      of: nodes, images: images.shape, keepsOutputs: false)
    try MemoryBudget.shared.holding(bytes, images: images.shape) {
      var waiting: [Int: [Tensor]] = [:]
      try session.evaluator.visit(nodes, images: images) { node, value in
        for index in places[node] ?? [] {
          guard terms[index].count > 1 else {
            body(index, value)
            continue
          }
          waiting[index, default: []].append(value)
          if let parts = waiting[index], parts.count == terms[index].count {
            waiting[index] = nil
            body(index, Tensor.sum(parts.map { Summand($0) }))
          }
        }
      }
    }
  }
}
