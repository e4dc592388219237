/// Raw activations of a network as one safetensors file, in PyTorch's order.
public struct TapExport {
  /// The session that runs the network.
  public let session: AttentionSession
  /// What is exported.
  public let taps: [Tap]

  /// All branches of the named blocks that the blocks have, or the named branches only.
  /// - Throws: `UnknownBlock`, `AttentionError`.
  public init(session: AttentionSession, blocks: [String], branches: [AttentionBranch]) throws {
    self.session = session
    taps = try Tap.all(of: session.model.network, blocks: blocks, branches: branches)
  }

  /// Tensors called `layerS.J.BRANCH`, [N, C, h, w], and `logits`, [N, classes], unless the network has no head, for
  /// preprocessed images [N, H, W, 3].
  /// - Parameter path: what the images are called.
  /// - Throws: `PictureError`, `EngineError`.
  public func checkpoint(images: Tensor, path: String) throws -> Checkpoint {
    let result = try PictureError.naming(path) {
      try session.activations(of: taps, logits: session.model.network.hasHead, images: images)
    }
    var tensors: [(name: String, tensor: Tensor)] = taps.compactMap { tap in
      result.activations[tap].map { ("\(tap.block).\(tap.branch.name)", $0.channelsFirst()) }
    }
    if let logits = result.logits { tensors.append(("logits", logits)) }
    return try Checkpoint(tensors)
  }
}
