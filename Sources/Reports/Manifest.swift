import Attention
import EDNets
import Files
import FoundationEssentials
import Images
import Tensors

/// The record that ends each folder of results: enough to make them again and to tell numbers apart.
public struct Manifest: Codable, Sendable {
  /// What computed.
  public struct Engine: Codable, Sendable {
    /// The convolution backend.
    public var backend: String
    /// oneDNN's version.
    public var oneDNN = oneDNNVersion
    /// The instruction set of the hand-written loops.
    public var kernels = Threads.kernelLevel
    /// Threads it computed with.
    public var threads = Threads.count

    /// The record of an engine that uses this backend.
    public init(backend: any ConvolutionBackend) { self.backend = backend.name }
  }

  /// The network and its weights.
  public struct Model: Codable, Sendable {
    /// Its name.
    public var name: String
    /// The weight file; none for the bundled model.
    public var checkpoint: String?
    /// SHA-256 of the weight file.
    public var checkpointSHA256: String?
    /// Where its tensors were found in the file; none if that was where anybody would look.
    public var origin: WeightOrigin?
    /// The network's description.
    public var network: NetworkDescription
    /// What photographs went through.
    public var preprocessing: Preprocessing

    /// The record of a model.
    public init(_ model: EDNets.Model, checkpoint: String?, sha256: String?) {
      name = model.name
      self.checkpoint = checkpoint
      checkpointSHA256 = sha256
      origin = model.origin
      network = model.network.description
      preprocessing = model.preprocessing
    }
  }

  /// How masks were made.
  public struct Masking: Codable, Sendable {
    /// `mean`, `otsu`, `quantile:Q` or `value:V`.
    public var threshold: String
    /// Where the threshold was taken.
    public var thresholdAt: MaskProtocol.Resolution
    /// Which parts were kept.
    public var component: ComponentRule
    /// Which neighbours belong together.
    public var connectivity: Connectivity
    /// What becomes of an activation: the sum over its channels.
    public var reduction = "depth sum"
    /// A pixel is attention if its value lies so to the threshold.
    public var comparison: String
    /// How maps, or masks made of them, are brought to the picture's size.
    public var upsampling: String
    /// `paper` or `scda`, if all of it is as there.
    public var preset: MaskProtocol.Preset?

    /// The record of a protocol.
    public init(_ rule: MaskProtocol) {
      threshold = rule.threshold.name
      thresholdAt = rule.resolution
      comparison = rule.comparison == .above ? "strictly above" : "at or above"
      upsampling =
        switch (rule.resolution, rule.resizing) {
        case (.image, _): "map: bilinear, half-pixel centres, clamped edges"
        case (.featureMap, .nearest): "mask: nearest, half-pixel centres"
        case (.featureMap, .bilinear): "mask: bilinear, half-pixel centres, clamped edges, then above 0.5"
        }
      component = rule.component
      connectivity = rule.connectivity
      preset = rule.preset
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
    /// The part of the picture that the network saw: x0, y0, x1, y1. Pictures that are made, masks and boxes have
    /// their origin at its corner.
    public var region: [Int]?
    /// Rows and columns of the network's input.
    public var inputSize: [Int]?
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
    /// True if the file ends early, so that the rest of the picture is grey.
    public var isIncomplete: Bool?
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
  public var engine: Engine
  /// The network and its weights; none for a figure of training runs.
  public var model: Model?
  /// How masks were made, if any were.
  public var masking: Masking?
  /// How the model was trained, if it was.
  public var training: Training?
  /// How well it named classes, if that was asked.
  public var classification: Classification?
  /// How well its attention lay on marked objects, if that was asked.
  public var localisation: Localisation?
  /// What activations were like, if that was asked.
  public var statistics: Statistics?
  /// What a figure shows, if one was drawn.
  public var figure: Figure?
  /// `per-map`, `shared` or `MIN:MAX`, if maps were coloured.
  public var scale: String?
  /// The colour map, if maps were coloured.
  public var colorMap: String?
  /// Share of the colours in overlays, if there are any.
  public var alpha: Double?
  /// The folder of the results, as the program saw it.
  public var folder: String?
  /// What a reader should know of the whole.
  public var remarks: [String]?
  /// Files that belong to no single input.
  public var outputs: [String]?
  /// What came of each input.
  public var inputs: [Input] = []

  /// A record to be filled.
  public init(edviz: String, command: [String], engine: Engine, model: Model?) {
    self.engine = engine
    self.edviz = edviz
    self.command = command
    self.model = model
  }

  /// Reads a record.
  /// - Throws: `FileError`, `DecodingError`.
  public init(contentsOf path: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    self = try decoder.decode(Manifest.self, from: Data(try FileBytes.read(path)))
  }

  /// The record as indented JSON with sorted keys. Values that are not finite are written as text.
  public func encoded() throws -> [UInt8] { try Self.encoded(self) + [UInt8(ascii: "\n")] }

  static func encoded(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return Array(try encoder.encode(value))
  }
}
