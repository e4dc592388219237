import EDNets
import Networks
import Tensors

/// Statistics of branches of the blocks of a network over many pictures, one pass over them, in constant memory
/// (paper, section V-D-4 and Fig. 6, for every block and branch).
public struct ActivationStatistics {
  /// A branch of a block.
  public struct Row: Sendable {
    /// The block.
    public let block: Block
    /// The block's place in the network, from 0.
    public let depth: Int
    /// The branch.
    public let branch: AttentionBranch
    fileprivate let source: Int
    fileprivate let reference: Int
  }

  /// What is looked at, in the order of asking.
  public let rows: [Row]
  private let visit: ActivationVisit
  private var sources: [BranchStatistics]

  /// Statistics without pictures.
  /// - Throws: `UnknownBlock`, `AttentionError.absentBranch`.
  public init(_ network: Network, taps: [Tap]) throws {
    // Many branches are one node: a block's input is the output of the block before. It is looked at once.
    var terms: [[Graph.NodeID]] = []
    func source(_ nodes: [Graph.NodeID]) -> Int {
      if let found = terms.firstIndex(of: nodes) { return found }
      terms.append(nodes)
      return terms.count - 1
    }
    rows = try taps.map { tap in
      let block = try network.block(named: tap.block)
      let depth = network.blocks.firstIndex { $0.name == block.name } ?? 0
      return Row(
        block: block, depth: depth, branch: tap.branch, source: source(try network.nodes(of: tap)),
        reference: source([block.shortcut]))
    }
    visit = ActivationVisit(terms: terms)
    sources = terms.map { nodes in
      BranchStatistics(isRectified: nodes.allSatisfy(network.isRectified))
    }
  }

  /// Adds a batch of preprocessed pictures [N, H, W, 3].
  /// - Returns: for each picture what its activation is like in each row; nil where its values are not all finite.
  /// - Throws: `AttentionError.needsMemory`, `EngineError`.
  public mutating func add(_ images: Tensor, session: AttentionSession) throws -> [[PictureActivation?]] {
    var found = [[PictureActivation?]](repeating: [], count: sources.count)
    try visit.run(session, images: images) { index, activation in
      found[index] = sources[index].add(activation)
    }
    return (0..<images.batch).map { image in rows.map { found[$0.source][image] } }
  }

  /// The statistics of a row.
  public subscript(row: Row) -> BranchStatistics { sources[row.source] }

  /// The branch's magnitude over that of x in the block's sum (the projected x where the size changes): of root mean
  /// squares and of mean absolute values; nil if x is 0 everywhere.
  public func ratios(_ row: Row) -> (rootMeanSquare: Double, meanAbsolute: Double)? {
    let (own, reference) = (sources[row.source].total, sources[row.reference].total)
    guard reference.rootMeanSquare > 0 else { return nil }
    return (own.rootMeanSquare / reference.rootMeanSquare, own.meanAbsolute / reference.meanAbsolute)
  }
}
