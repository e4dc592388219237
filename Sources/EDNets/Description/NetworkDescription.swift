import Networks
import Tensors

/// What a residual network is made of, as data: enough to build it, small enough to travel with its weights.
public struct NetworkDescription: Sendable {
  /// The layers before the first block.
  public struct Stem: Codable, Hashable, Sendable {
    /// Channels of the images: 3 for colours, 1 for grey, others for what no photograph has.
    public var channels: Int
    /// Filters of the convolutions before the last one: none, or those of a deep stem (ResNet-C, -D, -S, -T).
    public var deep: [Int]
    /// Side of the window of every convolution.
    public var kernel: Int
    /// Step of the first convolution.
    public var stride: Int
    /// Channels that the last convolution makes.
    public var filters: Int
    /// Whether a 3×3 max-pooling of stride 2 follows.
    public var maxPool: Bool

    enum CodingKeys: String, CodingKey, CaseIterable {
      case channels, deep, kernel, stride, filters, maxPool
    }

    /// A stem; padding is half of the kernel.
    public init(
      channels: Int = 3, deep: [Int] = [], kernel: Int, stride: Int, filters: Int, maxPool: Bool
    ) {
      self.channels = channels
      self.deep = deep
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
    /// A mean over windows as large as the step, then option B without a step ("Bag of tricks for image classification", ResNet-D).
    /// Where a stage is dilated instead of stepping, the window is 2×2 with step 1 and a line of zeros at its end, as in timm.
    case pooledProjection

    /// Its layers as Table I writes them, in a block that it crosses.
    public func layers(in block: BlockShape) -> [String] {
      switch self {
      case .projection: [StageTable.layer("", 1, block.outputs, stride: block.stride)]
      case .pooledProjection:
        (block.pooling.map {
          ["average pooling \($0.kernel)" + ($0.stride.height == 1 ? "" : ", stride \($0.stride.height)")]
        } ?? [])
          + [StageTable.layer("", 1, block.outputs)]
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
    /// Distance between the taps of the 3×3 convolutions. The first one of a stage keeps that of the stage before, as in torchvision
    /// and timm.
    public var dilation: Int
    /// Whether the network's added path, if it has one, stands in the blocks of this stage.
    public var path: Bool

    enum CodingKeys: String, CodingKey, CaseIterable {
      case blocks, width, outputs, filters, stride, dilation, path
    }

    /// A stage of equal blocks.
    public init(
      blocks: Int, width: Int, outputs: Int? = nil, filters: Int? = nil, stride: Int, dilation: Int = 1,
      path: Bool = true
    ) {
      self.blocks = blocks
      self.width = width
      self.outputs = outputs
      self.filters = filters
      self.stride = stride
      self.dilation = dilation
      self.path = path
    }
  }

  /// What is done against aliasing where a block of F takes a step: it is taken behind the 3×3 convolution and its activation, by
  /// a window. In the stem the step of the max-pooling is.
  public enum Antialias: String, Codable, Hashable, Sendable {
    /// A binomial 3×3 window ("Making convolutional networks shift-invariant again"); the max-pooling keeps its window, with step 1.
    case blur
    /// The mean over windows as large as the step, also in place of the max-pooling.
    case average
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
  /// Whether normalisation and activation stand before each convolution instead of behind it and behind the sum ("Identity
  /// mappings in deep residual networks", V2). A shortcut that projects then reads what the first convolution of F reads, and
  /// has no normalisation; one of both stands behind the last block.
  public var preactivation: Bool
  /// What stands behind normalisations and sums; gates keep their own.
  public var activation: Activation
  /// What batch normalisation adds to the variance.
  public var epsilon: Float
  /// What is done against aliasing; nothing if nil.
  public var antialias: Antialias?
  /// Number of logits; 0 for a network without a head, which ends with its pooled features.
  public var classes: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case stem, transform, gate, stages, shortcut, identity, path, preactivation, activation, epsilon,
      antialias, classes
  }

  /// A network of given parts; `validate()` says whether it can be built.
  public init(
    stem: Stem, transform: (any Transform)?, gate: (any Gate)? = nil, stages: [Stage],
    shortcut: Shortcut = .projection, identity: Bool = true, path: (any AddedPath)? = nil,
    preactivation: Bool = false, activation: Activation = .relu,
    epsilon: Float = BatchNormalization.usualEpsilon,
    antialias: Antialias? = nil, classes: Int
  ) {
    self.stem = stem
    self.transform = transform
    self.gate = gate
    self.stages = stages
    self.shortcut = shortcut
    self.identity = identity
    self.path = path
    self.preactivation = preactivation
    self.activation = activation
    self.epsilon = epsilon
    self.antialias = antialias
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
      stride: position == 0 ? shape.stride : 1, isFirst: position == 0, dilation: shape.dilation,
      firstDilation: position > 0 ? shape.dilation : stage > 1 ? stages[stage - 2].dilation : 1,
      antialias: antialias, isPreactivated: preactivation)
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
    return [stem, stages, shortcut, identity, preactivation, activation, epsilon, antialias, classes] + [
      erased(transform), erased(gate), erased(path),
    ]
  }
}
