/// What a residual network is made of, as data: enough to build it, small enough to travel with its weights.
public struct NetworkDescription: Sendable {
  /// The layers before the first block.
  public struct Stem: Codable, Hashable, Sendable {
    /// Side of the convolution's window.
    public var kernel: Int
    /// Step of the convolution.
    public var stride: Int
    /// Channels it makes.
    public var filters: Int
    /// Whether a 3×3 max-pooling of stride 2 follows.
    public var maxPool: Bool

    enum CodingKeys: String, CodingKey, CaseIterable {
      case kernel, stride, filters, maxPool
    }

    /// A stem; padding is half of the kernel.
    public init(kernel: Int, stride: Int, filters: Int, maxPool: Bool) {
      self.kernel = kernel
      self.stride = stride
      self.filters = filters
      self.maxPool = maxPool
    }
  }

  /// How a block's input reaches a sum of another size.
  public enum Shortcut: String, Codable, Hashable, Sendable {
    /// A 1×1 convolution and batch normalisation (option B of the original paper).
    case projection
    /// Every second pixel, and channels of zeros before and behind, without parameters (option A).
    case subsample

    /// Its layers as Table I writes them, in a block that it crosses.
    public func layers(in block: BlockShape) -> [String] {
      switch self {
      case .projection: [StageTable.layer("", 1, block.outputs, stride: block.stride)]
      case .subsample: ["subsampling, stride \(block.stride)", "zeros to \(block.outputs) channels"]
      }
    }
  }

  /// Blocks that work at one resolution.
  public struct Stage: Codable, Hashable, Sendable {
    /// Number of blocks.
    public var blocks: Int
    /// 3×3 filters of a block before any are taken away, which are also the filters of its encoder.
    public var width: Int
    /// Channels that each block puts out; as many as the width where nothing is said.
    public var outputs: Int?
    /// 3×3 filters of the transformation branch where they are not the width: fewer in the paper's -A and -B variants;
    /// those of one part in a Res2Net block.
    public var filters: Int?
    /// Step of the first block.
    public var stride: Int
    /// Whether the network's added path, if it has one, stands in the blocks of this stage.
    public var path: Bool

    enum CodingKeys: String, CodingKey, CaseIterable {
      case blocks, width, outputs, filters, stride, path
    }

    /// A stage of equal blocks.
    public init(
      blocks: Int, width: Int, outputs: Int? = nil, filters: Int? = nil, stride: Int, path: Bool = true
    ) {
      self.blocks = blocks
      self.width = width
      self.outputs = outputs
      self.filters = filters
      self.stride = stride
      self.path = path
    }
  }

  /// The layers before the first block.
  public var stem: Stem
  /// The transformation branch F of every block; none in the networks of Table VIII.
  public var transform: (any Transform)?
  /// What F is multiplied by, if anything.
  public var gate: (any Gate)?
  /// Stages from the image up.
  public var stages: [Stage]
  /// How stages are crossed.
  public var shortcut: Shortcut
  /// Whether the shortcut's result is a term of the sum; not so in the networks of Table VII, where only the added path
  /// reads it.
  public var identity: Bool
  /// The path added to every block, or to those of the stages that do not refuse it; none if nil.
  public var path: (any AddedPath)?
  /// Number of logits; 0 for a network without a head, which ends with its pooled features.
  public var classes: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case stem, transform, gate, stages, shortcut, identity, path, classes
  }

  /// A network of given parts; `validate()` says whether it can be built.
  public init(
    stem: Stem, transform: (any Transform)?, gate: (any Gate)? = nil, stages: [Stage],
    shortcut: Shortcut = .projection, identity: Bool = true, path: (any AddedPath)? = nil, classes: Int
  ) {
    self.stem = stem
    self.transform = transform
    self.gate = gate
    self.stages = stages
    self.shortcut = shortcut
    self.identity = identity
    self.path = path
    self.classes = classes
  }

  /// Number of blocks.
  public var blockCount: Int { stages.map(\.blocks).reduce(0, +) }

  /// The path added to the blocks of a stage, from 1; nil if there is none.
  public func path(inStage stage: Int) -> (any AddedPath)? { stages[stage - 1].path ? path : nil }

  /// A block's shape.
  /// - Parameters:
  ///   - stage: from 1.
  ///   - position: from 0 in its stage.
  public func block(stage: Int, position: Int) -> BlockShape {
    let shape = stages[stage - 1]
    return BlockShape(
      name: "layer\(stage).layer\(stage)_block_\(position)", field: "stages[\(stage - 1)]",
      width: shape.width,
      filters: shape.filters ?? shape.width, outputs: shape.outputs ?? shape.width,
      stride: position == 0 ? shape.stride : 1, isFirst: position == 0)
  }
}

extension NetworkDescription: Hashable {
  /// Equal descriptions make equal networks.
  public static func == (left: NetworkDescription, right: NetworkDescription) -> Bool {
    left.key == right.key
  }

  /// Hashes everything that equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }

  private var key: [AnyHashable?] {
    func erased(_ part: (any BlockPart)?) -> AnyHashable? { part.map { AnyHashable($0) } }
    return [stem, stages, shortcut, identity, classes] + [erased(transform), erased(gate), erased(path)]
  }
}
