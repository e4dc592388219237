/// What a residual network is made of, as data: enough to build it, small enough to travel with its weights.
public struct NetworkDescription: Codable, Hashable, Sendable {
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

  /// The transformation branch F.
  public enum Transform: Codable, Hashable, Sendable {
    /// Two 3×3 convolutions; the block has as many outputs as 3×3 filters.
    case basic
    /// 1×1, 3×3, 1×1; the block has `expansion` outputs for each 3×3 filter. The stride sits on the 3×3.
    case bottleneck(expansion: Int)
  }

  /// How a block's input reaches a sum of another size.
  public enum Shortcut: String, Codable, Hashable, Sendable {
    /// A 1×1 convolution and batch normalisation (option B of the original paper).
    case projection
    /// Every second pixel, and channels of zeros before and behind, without parameters (option A).
    case subsample
  }

  /// The path beside F and the shortcut.
  public enum Path: Codable, Hashable, Sendable {
    /// The paper's encoder-decoder, its convolutions in `groups`.
    case encoderDecoder(groups: Int)
    /// The paper's baseline of as many parameters: two 3×3 convolutions of stride 1 in `groups`.
    case twoConvolution(groups: Int)

    /// Groups of its convolutions.
    public var groups: Int {
      switch self {
      case .encoderDecoder(let groups), .twoConvolution(let groups): groups
      }
    }
  }

  /// Blocks that work at one resolution.
  public struct Stage: Codable, Hashable, Sendable {
    /// Number of blocks.
    public var blocks: Int
    /// 3×3 filters of each block.
    public var width: Int
    /// Step of the first block.
    public var stride: Int

    enum CodingKeys: String, CodingKey, CaseIterable {
      case blocks, width, stride
    }

    /// A stage of equal blocks.
    public init(blocks: Int, width: Int, stride: Int) {
      self.blocks = blocks
      self.width = width
      self.stride = stride
    }
  }

  /// The layers before the first block.
  public var stem: Stem
  /// The transformation branch of every block.
  public var transform: Transform
  /// Stages from the image up.
  public var stages: [Stage]
  /// How stages are crossed.
  public var shortcut: Shortcut
  /// The path added to every block, if there is one.
  public var path: Path?
  /// Number of logits.
  public var classes: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case stem, transform, stages, shortcut, path, classes
  }

  /// A network of given parts; `validate()` says whether it can be built.
  public init(
    stem: Stem, transform: Transform, stages: [Stage], shortcut: Shortcut = .projection, path: Path? = nil,
    classes: Int
  ) {
    self.stem = stem
    self.transform = transform
    self.stages = stages
    self.shortcut = shortcut
    self.path = path
    self.classes = classes
  }

  /// Channels that a block of `width` 3×3 filters puts out.
  public func outputs(ofWidth width: Int) -> Int {
    switch transform {
    case .basic: width
    case .bottleneck(let expansion): width * expansion
    }
  }

  /// Number of blocks.
  public var blockCount: Int { stages.map(\.blocks).reduce(0, +) }
}
