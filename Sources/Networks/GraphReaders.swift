/// Who reads which value, among the nodes that some outputs need.
package struct GraphReaders {
  private let outputs: Set<Graph.NodeID>
  private let kept: Set<Graph.NodeID>
  private var counts: [Graph.NodeID: Int] = [:]

  /// - Parameters:
  ///   - fed: nodes whose values are given, so that what they are computed from is not needed.
  ///   - edited: nodes whose values are changed before others read them.
  package init(
    _ graph: Graph, outputs: Set<Graph.NodeID>, fed: Set<Graph.NodeID> = [], edited: Set<Graph.NodeID> = []
  ) {
    self.outputs = outputs
    kept = outputs.union(fed).union(edited)
    for id in graph.ids.reversed() where needs(id) && !fed.contains(id) {
      for input in graph[id].inputs { counts[input, default: 0] += 1 }
    }
  }

  /// True if the outputs depend on the node or it is one of them.
  package func needs(_ id: Graph.NodeID) -> Bool { counts[id] != nil || outputs.contains(id) }

  /// True if the node's value may vanish into the one node that reads it.
  package func mayVanish(_ id: Graph.NodeID) -> Bool { counts[id] == 1 && !kept.contains(id) }
}
