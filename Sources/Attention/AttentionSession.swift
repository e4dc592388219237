import EDNets
import Images
import Networks
import Synchronization
import Tensors

/// A class and how sure the network is of it.
public struct ClassScore: Codable, Hashable, Sendable {
  /// Place among the logits, from 0.
  public let index: Int
  /// Its name, if the model knows it.
  public let name: String?
  /// Softmax of the logits, from 0 to 1.
  public let probability: Float
}

/// What a network made of one photograph.
public struct Look: Sendable {
  /// The part of the photograph that the network saw, in the photograph's own pixels.
  public let region: Box
  /// Rows and columns of the network's input.
  public let inputSize: Size2D
  /// The depth sum of each tap at the network's own resolution, in the order of asking.
  public let maps: [(tap: Tap, map: FloatMap)]
  /// The most probable classes, best first; none if the logits are not finite, or there are none.
  public let classes: [ClassScore]
}

/// A model at work: it keeps folded and packed weights from one photograph to the next. Threads may share it.
public final class AttentionSession: Sendable {
  /// The model.
  public let model: Model
  /// What computes the convolutions.
  public let backend: any ConvolutionBackend
  let evaluator: Evaluator
  private let lastNeed = Mutex<Need?>(nil)

  /// What a pass of one kind holds.
  private struct Need {
    let shape: [Int]
    let taps: [Tap]
    let logits: Bool
    let bytes: Int
  }

  /// A session on one backend.
  public init(model: Model, backend: any ConvolutionBackend = ConvolutionBackends.preferred) {
    self.model = model
    self.backend = backend
    evaluator = Evaluator(model.network.graph, backend: backend)
  }

  /// Shows where the network looks on an upright photograph.
  /// - Parameter classes: how many of the best classes to report, none of a network without a head; 0 stops the network at the
  ///   last tap.
  /// - Throws: `UnknownBlock`, `AttentionError`, `EngineError`, `ModelError.notForPhotographs`.
  public func look(at image: Image, taps: [Tap], classes: Int = 0) throws -> Look {
    let classes = model.network.hasHead ? classes : 0
    // Before the picture is brought to a size at which it may not fit.
    let size = model.preprocessing.pictureFit.fittedSize(width: image.width, height: image.height)
    try model.checkReadsPhotographs()
    let shape = [1, size.height, size.width, model.preprocessing.channels]
    try MemoryBudget.shared.check(
      try bytes(of: taps, logits: classes > 0, images: shape), images: shape)
    return try look(at: prepare(image), taps: taps, classes: classes)
  }

  /// A photograph brought to the network's size.
  public struct Prepared: Sendable {
    /// The part of it that the network sees, in its own pixels.
    public let region: Box
    /// What the network is given, [1, H, W, channels].
    public let input: Tensor
  }

  /// The part of `look` that needs no network, so that it can be done ahead on another thread.
  public static func prepare(_ image: Image, for preprocessing: Preprocessing) -> Prepared {
    Prepared(
      region: preprocessing.region(of: image),
      input: preprocessing.tensor(of: preprocessing.fitted(image)))
  }

  /// Shows where the network looks on a prepared photograph.
  public func look(at prepared: Prepared, taps: [Tap], classes: Int = 0) throws -> Look {
    let classes = model.network.hasHead ? classes : 0
    let result = try activations(of: taps, logits: classes > 0, images: prepared.input)
    let maps = taps.compactMap { tap in
      result.activations[tap].map { (tap: tap, map: FloatMap.depthSums(of: $0)[0]) }
    }
    return Look(
      region: prepared.region,
      inputSize: Size2D(height: prepared.input.height, width: prepared.input.width), maps: maps,
      classes: result.logits.map { best(classes, of: $0) } ?? [])
  }

  /// Raw activations for images [N, H, W, channels] that are preprocessed already.
  /// - Throws: also `AttentionError.needsMemory`, `.imagesTooSmall` and `.wrongChannels`, before anything is computed.
  public func activations(of taps: [Tap], logits: Bool, images: Tensor) throws -> TapResult {
    let bytes = try bytes(of: taps, logits: logits, images: images.shape)
    return try MemoryBudget.shared.holding(bytes, images: images.shape) {
      try model.network.activations(of: taps, logits: logits, images: images, evaluator: evaluator)
    }
  }

  /// Bytes that a pass holds for a photograph of a size; 0 if it cannot be looked at.
  package func passBytes(of taps: [Tap], logits: Bool, width: Int, height: Int) -> Int {
    let size = model.preprocessing.pictureFit.fittedSize(width: width, height: height)
    return
      (try? bytes(
        of: taps, logits: logits, images: [1, size.height, size.width, model.preprocessing.channels]))
      ?? 0
  }

  /// Most photographs have the shape of the one before.
  private func bytes(of taps: [Tap], logits: Bool, images shape: [Int]) throws -> Int {
    if let last = lastNeed.withLock({ $0 }), last.shape == shape, last.taps == taps, last.logits == logits {
      return last.bytes
    }
    let bytes = try model.network.peakBytes(of: taps, logits: logits, images: shape, evaluator)
    lastNeed.withLock { $0 = Need(shape: shape, taps: taps, logits: logits, bytes: bytes) }
    return bytes
  }

  private func prepare(_ image: Image) -> Prepared { Self.prepare(image, for: model.preprocessing) }

  private func best(_ count: Int, of logits: Tensor) -> [ClassScore] {
    guard logits.isFinite else { return [] }
    let probabilities = logits.softmax().elements
    let order = probabilities.indices.sorted {
      (probabilities[$1], $0) < (probabilities[$0], $1)
    }
    return order.prefix(count).map { index in
      let name = model.classes.indices.contains(index) ? model.classes[index] : nil
      return ClassScore(index: index, name: name, probability: probabilities[index])
    }
  }
}
