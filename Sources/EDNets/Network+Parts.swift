import Networks

/// A part of a network that a node belongs to.
public enum NetworkPart: Hashable, Sendable {
  /// What stands before the first block.
  case stem
  /// A block, by its place in `Network.blocks`, and a branch in it: shortcut, transform with its gate, encoder, decoder, or
  /// the sum with the ReLU behind it.
  case branch(block: Int, Branch)
  /// What stands behind the last block.
  case head
}

extension Network {
  /// The part that each node belongs to.
  public var parts: [Graph.NodeID: NetworkPart] {
    var parts: [Graph.NodeID: NetworkPart] = [:]
    for id in graph.ids { parts[id] = id <= blocks[0].input ? .stem : .head }
    for (index, block) in blocks.enumerated() {
      // A block's nodes stand together behind its input, one branch behind the other.
      let branches: [Branch] = [.transform, .shortcut, .encoder, .decoder]
      for id in graph.ids(after: block.input, through: block.output) {
        let branch = branches.first { branch in block.taps[branch].map { id <= $0 } ?? false }
        parts[id] = .branch(block: index, branch ?? .sum)
      }
    }
    return parts
  }
}
