import Attention
import EDNets
import FoundationEssentials
import Images
import Tensors

/// The record that ends each folder of results: enough to make them again and to tell numbers apart.
public struct Manifest: Codable, Sendable {
  /// What computed.
  public struct Engine: Codable, Sendable {
    /// The convolution backend.
    public var backend = ConvolutionBackends.preferred.name
    /// oneDNN's version.
    public var oneDNN = oneDNNVersion
    /// The instruction set of the hand-written loops.
    public var kernels = Threads.kernelLevel
    /// Threads it computed with.
    public var threads = Threads.count
  }

  /// The network and its weights.
  public struct Model: Codable, Sendable {
    /// Its name.
    public var name: String
    /// The weight file; "bundled" for the default model.
    public var checkpoint: String
    /// SHA-256 of the weight file.
    public var checkpointSHA256: String?
    /// The network's description.
    public var network: NetworkDescription
    /// What photographs went through.
    public var preprocessing: Preprocessing

    /// The record of a model.
    public init(_ model: EDNets.Model, checkpoint: String, sha256: String?) {
      name = model.name
      self.checkpoint = checkpoint
      checkpointSHA256 = sha256
      network = model.network.description
      preprocessing = model.preprocessing
    }
  }

  /// How masks were made.
  public struct Masking: Codable, Sendable {
    /// `mean`, `otsu`, `quantile:Q` or `value:V`; the mask lies strictly above it.
    public var threshold: String
    /// Where the threshold was taken.
    public var thresholdAt: MaskProtocol.Resolution
    /// Which parts were kept.
    public var component: ComponentRule
    /// Which neighbours belong together.
    public var connectivity: Connectivity
    /// How maps are brought to the picture's size.
    public var upsampling = "bilinear, half-pixel centres, clamped edges"

    /// The record of a protocol.
    public init(_ rule: MaskProtocol) {
      threshold = rule.threshold.name
      thresholdAt = rule.resolution
      component = rule.component
      connectivity = rule.connectivity
    }
  }

  /// One class and how sure the network is of it.
  public struct ClassScore: Codable, Sendable {
    /// Place among the logits, from 0.
    public var index: Int
    /// Its name, if known.
    public var name: String?
    /// Softmax of the logits.
    public var probability: Float

    /// The record of a score.
    public init(_ score: Attention.ClassScore) {
      index = score.index
      name = score.name
      probability = score.probability
    }
  }

  /// One map of one picture.
  public struct Map: Codable, Sendable {
    /// The block, under torchvision's name.
    public var block: String
    /// The branch.
    public var branch: String
    /// Rows and columns of the network's own map.
    public var size: [Int]
    /// Least and largest finite value before any scaling.
    public var rawRange: [Float]
    /// The values that the ends of the colour map stand for.
    public var scale: [Float]?
    /// The file of raw values.
    public var raw: String?
    /// What is wrong with the map, if anything.
    public var condition: MapCondition?

    /// The record of a block's map.
    public init(block: String, branch: AttentionBranch, map: FloatMap) {
      self.block = block
      self.branch = branch.name
      size = [map.height, map.width]
      rawRange = [map.range.lowerBound, map.range.upperBound]
      condition = MapCondition(of: map)
    }
  }

  /// A mask of one picture.
  public struct MaskRecord: Codable, Sendable {
    /// The level that was used.
    public var level: Float
    /// Share of the picture inside the mask.
    public var areaShare: Double
    /// x0, y0, x1, y1 in the picture's pixels, the far edges excluded; none if the mask is empty.
    public var box: [Int]?
    /// Number of connected parts.
    public var components: Int

    /// The record of a mask that was made at `level`.
    public init(_ mask: Mask, level: Float, connectivity: Connectivity) {
      self.level = level
      areaShare = mask.areaShare
      box = mask.boundingBox.map { [$0.x0, $0.y0, $0.x1, $0.y1] }
      components = mask.componentSizes(connectivity: connectivity).count
    }
  }

  /// What came of one input.
  public struct Input: Codable, Sendable {
    /// The path as given.
    public var path: String
    /// SHA-256 of the file.
    public var sha256: String?
    /// Width and height of the upright picture, or the shape of an array.
    public var size: [Int]?
    /// The part of the picture that the network saw: x0, y0, x1, y1.
    public var region: [Int]?
    /// Files that were made, relative to the folder.
    public var outputs: [String] = []
    /// What was shown.
    public var maps: [Map] = []
    /// The mask, if one was asked for.
    public var mask: MaskRecord?
    /// The most probable classes, best first.
    public var classes: [ClassScore] = []
    /// What a reader should know.
    public var warnings: [String] = []
    /// Why there is no result.
    public var error: String?
    /// Wall time spent on this input.
    public var seconds: Double = 0

    /// A record to be filled.
    public init(path: String) { self.path = path }
  }

  /// Changes when a reader must change.
  public var schemaVersion = 1
  /// The program's version.
  public var edviz: String
  /// The words of the command line.
  public var command: [String]
  /// When the run ended, ISO 8601 in UTC.
  public var finished = ""
  /// Wall time of the whole run.
  public var seconds: Double = 0
  /// What computed.
  public var engine = Engine()
  /// The network and its weights.
  public var model: Model
  /// How masks were made, if any were.
  public var masking: Masking?
  /// `per-map`, `shared` or `MIN:MAX`, if maps were coloured.
  public var scale: String?
  /// The colour map, if maps were coloured.
  public var colorMap: String?
  /// What came of each input.
  public var inputs: [Input] = []

  /// A record to be filled.
  public init(edviz: String, command: [String], model: Model) {
    self.edviz = edviz
    self.command = command
    self.model = model
  }

  /// The record as indented JSON with sorted keys. Values that are not finite are written as text.
  public func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}
