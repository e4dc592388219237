import Files
import Networks
import Tensors

/// A part of every residual block of a network. A new one is a file in this folder and a line in `BlockParts`.
public protocol BlockPart: Codable, Hashable, Sendable {
  /// What a description calls it, such as `encoderDecoder`.
  static var kind: String { get }

  /// The part with its usual settings, if all have a default.
  static var usual: Self? { get }

  /// Checks that it can stand in a block.
  /// - Parameter field: what a sentence calls the part, such as `path`.
  func validate(in block: BlockShape, field: String) throws(DescriptionError)
}

extension BlockPart {
  /// Most parts need settings.
  public static var usual: Self? { nil }

  /// Most parts can stand anywhere.
  public func validate(in block: BlockShape, field: String) throws(DescriptionError) {}
}

/// The transformation branch F of a block.
public protocol Transform: BlockPart {
  /// Its convolutions as Table I writes them, such as "3×3, 64": batch normalisation behind each, ReLU between them.
  func layers(in block: BlockShape) -> [String]

  /// Adds F(x) behind its last batch normalisation.
  func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
}

/// What F(x) is multiplied by before the sum.
public protocol Gate: BlockPart {
  /// A few words for tables.
  var summary: String { get }

  /// Adds the gated values of `x`.
  func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID
}

/// A path beside F and the shortcut, from the shortcut's result to the sum.
public protocol AddedPath: BlockPart {
  /// Groups of its convolutions.
  var groups: Int { get }

  /// Its convolutions as Table I writes them, such as "deconv 3×3, 256, group 32": batch normalisation behind each, ReLU
  /// between them. The last one is the decoder.
  func layers(in block: BlockShape) -> [String]

  /// Adds the path's code behind its ReLU, and what goes to the sum, of the size of `x`.
  func build(
    _ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder
  ) -> (encoder: Graph.NodeID, decoder: Graph.NodeID)
}

/// The parts there are.
public enum BlockParts {
  /// Transformation branches.
  public static let transforms: [any Transform.Type] = [
    BasicTransform.self, BottleneckTransform.self, Res2NetTransform.self,
  ]
  /// Gates of F.
  public static let gates: [any Gate.Type] = [
    SqueezeExcitation.self, CBAM.self, EfficientChannelAttention.self,
  ]
  /// Paths beside F.
  public static let paths: [any AddedPath.Type] = [EncoderDecoder.self, TwoConvolution.self]
}

/// What a part knows of the block that it stands in.
public struct BlockShape: Hashable, Sendable {
  /// The published name, such as `layer1.layer1_block_0`; what begins the names of parameters.
  public var name: String
  /// The stage in a description, such as `stages[0]`.
  public var field: String
  /// 3×3 filters of the stage before any are taken away; the filters of encoders.
  public var width: Int
  /// 3×3 filters of F.
  public var filters: Int
  /// Channels that the block puts out.
  public var outputs: Int
  /// Step of F and of the shortcut.
  public var stride: Int
  /// Whether the block is the first of its stage.
  public var isFirst: Bool
  /// Distance between the taps of 3×3 convolutions.
  public var dilation: Int
  /// That of the first one: of the stage before in the first block of a stage.
  public var firstDilation: Int
  /// What is done against aliasing.
  public var antialias: NetworkDescription.Antialias?

  /// Whether normalisation and activation stand before convolutions.
  public var isPreactivated: Bool

  /// Step of the convolution that takes F's: none if it is taken by a window behind it.
  var convolutionStride: Int { isAntialiased ? 1 : stride }

  /// Whether something against aliasing follows F's 3×3 convolution.
  var isAntialiased: Bool { antialias != nil && (stride > 1 || firstDilation != dilation) }

  /// The mean before a projection without a step; nil where none is needed.
  var pooling: ConvolutionGeometry? {
    if stride > 1 { return .mean(stride: stride) }
    return dilation > 1 ? ConvolutionGeometry(kernel: 2, endPadding: 1) : nil
  }
}

extension ConvolutionGeometry {
  /// Windows beside each other, of which the last ones may reach beyond the map.
  static func mean(stride: Int) -> Self {
    ConvolutionGeometry(kernel: stride, stride: stride, endPadding: stride - 1)
  }
}
