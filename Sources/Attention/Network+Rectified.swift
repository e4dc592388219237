import EDNets
import Networks

extension Network {
  /// Whether a node's values cannot be below 0: a ReLU's, and what only picks out of those.
  func isRectified(_ node: Graph.NodeID) -> Bool {
    switch graph[node].operation {
    case .relu: true
    case .elementary(let operation) where operation is MaxPool || operation is Subsample:
      isRectified(graph[node].inputs[0])
    default: false
    }
  }
}
