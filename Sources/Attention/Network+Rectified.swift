import EDNets
import Networks

extension Network {
  /// Whether a node's values cannot be below 0: a ReLU's, and what only picks out of those.
  func isRectified(_ node: Graph.NodeID) -> Bool {
    // In the order of computation, because many paths lead through a residual network.
    var known: [Graph.NodeID: Bool] = [:]
    for id in graph.ids.prefix(while: { $0 <= node }) {
      known[id] = graph[id].operation.isRectified(graph[id].inputs.map { known[$0] ?? false })
    }
    return known[node] ?? false
  }
}
