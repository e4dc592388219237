/// Raw activations of a network as one safetensors file, in PyTorch's order.
public struct TapExport {
  /// The session that runs the network.
  public let session: AttentionSession
  /// What is exported.
  public let taps: [Tap]

  /// Bytes of activations that an export may take at a time.
  public static let memoryLimit = 8 << 30

  /// All branches of the named blocks that the blocks have, or the named branches only.
  /// - Throws: `UnknownBlock`, `AttentionError`.
  public init(session: AttentionSession, blocks: [String], branches: [AttentionBranch]) throws {
    self.session = session
    let network = session.model.network
    let chosen = blocks.isEmpty ? network.blocks : try blocks.map { try network.block(named: $0) }
    taps = chosen.flatMap { block -> [Tap] in
      let wanted = branches.isEmpty ? block.branches.map(AttentionBranch.branch) : branches
      return wanted.map { Tap(block: block.name, branch: $0) }
    }
    for tap in taps { _ = try network.nodes(of: tap) }
  }

  /// Tensors called `layerS.J.BRANCH`, [N, C, h, w], and `logits`, [N, classes], for preprocessed images
  /// [N, H, W, 3].
  /// - Throws: `TooLarge`, `EngineError`.
  public func checkpoint(images: Tensor) throws -> Checkpoint {
    let bytes = size(forImages: images.shape)
    guard bytes <= Self.memoryLimit else { throw TooLarge(bytes: bytes) }
    let result = try session.activations(of: taps, logits: true, images: images)
    var tensors: [(name: String, tensor: Tensor)] = taps.compactMap { tap in
      result.activations[tap].map { ("\(tap.block).\(tap.branch.name)", $0.channelsFirst()) }
    }
    if let logits = result.logits { tensors.append(("logits", logits)) }
    return try Checkpoint(tensors)
  }

  private func size(forImages shape: [Int]) -> Int {
    let network = session.model.network
    let shapes = network.graph.shapes(input: shape)
    let counts = taps.map { tap in
      ((try? network.nodes(of: tap)) ?? []).first.flatMap { shapes[$0] }.map { $0.reduce(1, *) } ?? 0
    }
    // Twice: as the network makes them, and in PyTorch's order.
    return counts.reduce(0, +) * MemoryLayout<Float>.stride * 2
  }

  /// The wanted activations would not fit into memory.
  public struct TooLarge: Error, CustomStringConvertible {
    let bytes: Int

    /// One sentence.
    public var description: String {
      "the activations would take \(bytes >> 20) MiB at a time, more than \(TapExport.memoryLimit >> 20); choose "
        + "blocks with --block, branches with --branch, or give fewer or smaller images"
    }
  }
}
