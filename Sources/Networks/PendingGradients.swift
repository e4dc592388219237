import Tensors

/// Gradients on their way back: what readers have contributed to each node, and those of watched nodes.
struct PendingGradients {
  private let watched: Set<Graph.NodeID>
  private var pending: [Graph.NodeID: [Tensor]]
  /// The whole gradients of the watched nodes that were reached.
  private(set) var found: [Graph.NodeID: Tensor] = [:]

  /// From the gradients of some outputs.
  init(_ seeds: [Graph.NodeID: Tensor], watched: Set<Graph.NodeID>) {
    self.watched = watched
    pending = seeds.mapValues { [$0] }
  }

  /// Notes a node's gradient if it is watched. All its readers have contributed.
  mutating func note(_ id: Graph.NodeID) {
    guard watched.contains(id), let gathered = pending[id] else { return }
    let whole = Tensor.total(gathered)
    pending[id] = [whole]
    found[id] = whole
  }

  /// What a node was given, which is forgotten; nil if nothing reached it.
  mutating func take(_ id: Graph.NodeID) -> [Tensor]? { pending.removeValue(forKey: id) }

  /// Adds what a reader contributes.
  mutating func add(_ gradient: Tensor, to id: Graph.NodeID) { pending[id, default: []].append(gradient) }
}
