import EDNets
import Networks

extension Network {
  /// Whether a node's values cannot be below 0: a ReLU's, and what only picks out of those.
  func isRectified(_ node: Graph.NodeID) -> Bool {
    let (operation, inputs) = (graph[node].operation, graph[node].inputs)
    return operation.isRectified(inputs.map(isRectified))
  }
}
