import EDNets
import Networks
import Tensors

/// A request to see one branch of one block.
public struct Tap: Hashable, Sendable {
  /// The block's name: `last`, `layer4.2`, `conv5_3`, or an index.
  public var block: String
  /// What is wanted of it.
  public var branch: AttentionBranch

  /// The wanted branch of the named block.
  public init(block: String = "last", branch: AttentionBranch = .branch(.output)) {
    self.block = block
    self.branch = branch
  }
}

extension Tap {
  /// The named blocks' branches, or all blocks' if none is named; all branches that a block has, or the named ones only.
  /// - Throws: `UnknownBlock`, `AttentionError.absentBranch`.
  public static func all(
    of network: Network, blocks: [String], branches: [AttentionBranch]
  ) throws -> [Tap] {
    let chosen = blocks.isEmpty ? network.blocks : try blocks.map { try network.block(named: $0) }
    var seen: Set<Tap> = []
    let taps = chosen.flatMap { block -> [Tap] in
      let wanted = branches.isEmpty ? block.branches.map(AttentionBranch.branch) : branches
      return wanted.map { Tap(block: block.name, branch: $0) }
    }.filter { seen.insert($0).inserted }
    for tap in taps { _ = try network.nodes(of: tap) }
    return taps
  }
}

/// What one forward pass showed.
public struct TapResult: Sendable {
  /// Activations [N, h, w, C] of each tap.
  public let activations: [Tap: Tensor]
  /// [N, classes] before softmax, if asked for.
  public let logits: Tensor?
}

extension Network {
  /// Runs images [N, H, W, 3] through the network as far as the last tap needs, or to the end for the logits.
  ///
  /// Nothing is left behind in the network, also when it throws.
  /// - Throws: `UnknownBlock`, `AttentionError.absentBranch`, `EngineError`.
  public func activations(
    of taps: [Tap], logits wantsLogits: Bool = false, images: Tensor, evaluator: Evaluator
  ) throws -> TapResult {
    var nodes: [Tap: [Graph.NodeID]] = [:]
    for tap in taps { nodes[tap] = try self.nodes(of: tap) }
    var wanted = Set(nodes.values.joined())
    if wantsLogits { wanted.insert(logits) }
    let values = try evaluator.values(of: wanted, images: images)
    let activations = nodes.mapValues { ids -> Tensor in
      let terms = ids.compactMap { values[$0] }
      return terms.count == 1 ? terms[0] : Tensor.sum(terms.map { Summand($0) })
    }
    return TapResult(activations: activations, logits: wantsLogits ? values[logits] : nil)
  }

  /// Bytes of values that a forward pass holds at once, for images of a shape [N, H, W, 3].
  /// - Throws: also `AttentionError.imagesTooSmall`.
  func peakBytes(of taps: [Tap], logits wantsLogits: Bool, images: [Int], _ evaluator: Evaluator) throws
    -> Int
  {
    var wanted = Set(try taps.flatMap(nodes(of:)))
    if wantsLogits { wanted.insert(logits) }
    return try evaluator.checkedPeakBytes(of: wanted, images: images)
  }

  /// Makes sure that images of a shape [N, H, W, 3] are large enough for what the taps need.
  /// - Throws: `UnknownBlock`, `AttentionError.absentBranch`, `.imagesTooSmall`.
  public func check(images shape: [Int], taps: [Tap]) throws {
    let wanted = Set(try taps.flatMap(nodes(of:)))
    _ = try Evaluator(graph).checkedPeakBytes(of: wanted, images: shape)
  }

  /// The nodes whose sum a tap shows.
  /// - Throws: `UnknownBlock` or `AttentionError.absentBranch`, before anything is computed.
  public func nodes(of tap: Tap) throws -> [Graph.NodeID] {
    let block = try block(named: tap.block)
    return try tap.branch.terms.map { branch in
      guard let node = block.taps[branch] else {
        throw AttentionError.absentBranch(
          name: tap.branch.name, block: block.name, present: block.branches.map(\.rawValue))
      }
      return node
    }
  }
}

extension Evaluator {
  /// As `peakBytes`, for images that are large enough; half as much again, because blocks of memory are of some sizes only and
  /// are kept for reuse up to a quarter beyond what is in use (`StoragePool`).
  /// - Throws: `AttentionError.imagesTooSmall`, `.wrongChannels`.
  func checkedPeakBytes(
    of outputs: Set<Graph.NodeID>, images shape: [Int], keepsOutputs: Bool = true
  ) throws(AttentionError) -> Int {
    guard shape[3] == inputChannels else { throw .wrongChannels(network: inputChannels, imageShape: shape) }
    guard fits(outputs, images: shape) else { throw .imagesTooSmall(imageShape: shape) }
    let bytes = peakBytes(of: outputs, images: shape, keepsOutputs: keepsOutputs)
    return bytes + bytes / 2
  }
}
