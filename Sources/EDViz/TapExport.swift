/// Raw activations of a network, and maps of them, as one safetensors file in PyTorch's order.
public struct TapExport {
  /// The session that runs the network.
  public let session: AttentionSession
  /// What is exported.
  public let taps: [Tap]
  /// What is asked about a class; nil if nothing is.
  public let question: ClassQuestion?
  /// What was left out because it means nothing, a sentence each.
  public let remarks: [String]
  private let methods: [[any MapMethod]]

  /// All branches of the named blocks that the blocks have, or the named branches only; and maps of each by methods. One that
  /// means nothing at a branch is left out if the branch was not named.
  /// - Throws: `UnknownBlock`, `AttentionError`.
  public init(
    session: AttentionSession, blocks: [String], branches: [AttentionBranch],
    methods: [any MapMethod] = [], question: ClassQuestion? = nil
  ) throws {
    self.session = session
    let taps = try Tap.all(of: session.model.network, blocks: blocks, branches: branches)
    self.taps = taps
    self.question = question ?? (methods.contains(where: \.asksAboutClass) ? ClassQuestion() : nil)
    if self.question != nil, !session.model.network.hasHead { throw AttentionError.noHead }
    var remarks: [String] = []
    var chosen = [[any MapMethod]](repeating: [], count: taps.count)
    for method in methods {
      var reasons: [String] = []
      for (place, tap) in taps.enumerated() {
        do {
          try session.check(method, at: tap)
          chosen[place].append(method)
        } catch let error as AttentionError {
          guard branches.isEmpty else { throw error }
          reasons.append("\(error)")
        }
      }
      if reasons.count == taps.count, let reason = reasons.first {
        remarks.append(reason)
      } else if let reason = reasons.first {
        remarks.append(
          "\(method.name) is left out at \(reasons.count) of \(taps.count) taps; the first: \(reason)")
      }
    }
    self.methods = chosen
    self.remarks = remarks
  }

  /// Tensors called `layerS.J.BRANCH`, [N, C, h, w], and `logits`, [N, classes], unless the network has no head, for preprocessed
  /// images [N, H, W, 3]; with methods `layerS.J.BRANCH.METHOD`, and with a question `layerS.J.BRANCH.evidence`, [N, 1, h, w] as
  /// they are before ReLU, scaling and resizing.
  /// - Parameter path: what the images are called.
  /// - Throws: `PictureError`, `EngineError`.
  public func checkpoint(images: Tensor, path: String) throws -> Checkpoint {
    let hasHead = session.model.network.hasHead
    guard question != nil || methods.contains(where: { !$0.isEmpty }) else {
      let result = try PictureError.naming(path) {
        try session.activations(of: taps, logits: hasHead, images: images)
      }
      return try Self.checkpoint(taps, result.activations, maps: [], result.logits)
    }
    let found = try PictureError.naming(path) {
      try session.explain(
        Array(zip(taps, methods)).map { (tap: $0, methods: $1) }, question: question, images: images)
    }
    return try Self.checkpoint(taps, found.activations, maps: found.maps, hasHead ? found.logits : nil)
  }

  private static func checkpoint(
    _ taps: [Tap], _ activations: [Tap: Tensor], maps: [(key: Explanation.Key, map: Tensor)],
    _ logits: Tensor?
  ) throws -> Checkpoint {
    func name(_ tap: Tap) -> String { "\(tap.block).\(tap.branch.name)" }
    var tensors: [(name: String, tensor: Tensor)] = taps.compactMap { tap in
      activations[tap].map { (name(tap), $0.channelsFirst()) }
    }
    tensors += maps.map { ("\(name($0.key.tap)).\($0.key.method)", $0.map.channelsFirst()) }
    if let logits { tensors.append(("logits", logits)) }
    return try Checkpoint(tensors)
  }
}
