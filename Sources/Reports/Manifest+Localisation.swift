import Attention

extension Manifest {
  /// How well attention masks lie on marked objects, with all that the numbers depend on and that `masking` does not
  /// say.
  public struct Localisation: Codable, Sendable {
    /// A model of the run.
    public struct NamedModel: Codable, Sendable {
      /// What rows call it.
      public var name: String
      /// The network and its weights.
      public var model: Model

      /// A model under a name.
      public init(name: String, model: Model) {
        self.name = name
        self.model = model
      }
    }

    /// What one way to make masks scored.
    public struct Row: Codable, Sendable {
      /// What the model is called; none for a mask that needs no network.
      public var model: String?
      /// The branch, or a mask that needs no network.
      public var name: String
      /// The block, under torchvision's name.
      public var block: String?
      /// What the pictures were brought to; none where they went in as they are.
      public var inputSize: Int?
      /// Each metric with its interval.
      public var scores: [String: Estimate]
      /// The fixed threshold on the normalised map that gives the best mask IoU on these pictures.
      public var bestThreshold: Float?
      /// That IoU.
      public var bestThresholdIoU: Double?
      /// Pictures whose mask was empty; they count with 0.
      public var emptyMasks: Int

      /// The record of a row.
      public init(
        model: String?, name: String, block: String?, inputSize: Int?, scores: [String: Estimate],
        bestThreshold: Float?, bestThresholdIoU: Double?, emptyMasks: Int
      ) {
        self.model = model
        self.name = name
        self.block = block
        self.inputSize = inputSize
        self.scores = scores
        self.bestThreshold = bestThreshold
        self.bestThresholdIoU = bestThresholdIoU
        self.emptyMasks = emptyMasks
      }
    }

    /// How much better a row is than the first.
    public struct Difference: Codable, Sendable {
      /// Position of the row among `rows`.
      public var row: Int
      /// The metric.
      public var metric: String
      /// Its value less that of the first row.
      public var difference: Estimate
      /// Two-sided p of that difference.
      public var pValue: Double

      /// The record of a difference.
      public init(row: Int, metric: String, difference: Estimate, pValue: Double) {
        self.row = row
        self.metric = metric
        self.difference = difference
        self.pValue = pValue
      }
    }

    /// A file without a score.
    public struct Unscored: Codable, Sendable {
      /// The file.
      public var path: String
      /// Why.
      public var reason: String

      /// The record of a file.
      public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
      }
    }

    /// `masks` or `boxes`: what was marked.
    public var objects: String
    /// Digest of the pictures and of all that scores depend on, by which `--resume` knows a run that is over.
    public var fingerprint: String?
    /// How that was read.
    public var reading: String
    /// Which part of the data was scored, if it has parts.
    public var split: String?
    /// How pictures were brought to the input size.
    public var interpolation = "picture: bilinear with antialiasing in 8 bits, as Pillow"
    /// What counts where the network did not look.
    public var unseen = "without attention, below every value of the map"
    /// How the mask IoU of pictures became one; all other scores are means over pictures.
    public var averaging: IoUAveraging
    /// What the box of an object is.
    public var objectBox = "the marked box, else the one around the mask"
    /// How the average precision of a picture is computed.
    public var averagePrecision =
      "sum over distinct values of the resized map of recall step times precision, mean over pictures"
    /// Pixels that the map's maximum may lie from the object in the pointing game.
    public var pointingTolerance: Double
    /// Levels of `bestThreshold` and `curves.csv`.
    public var fixedThresholds =
      "0, 0.01 … 1 of the resized map, min-max normalised for each picture; all parts; chosen on these pictures"
    /// How intervals were made.
    public var intervals: String
    /// How p-values were made.
    public var test: String
    /// The models.
    public var models: [NamedModel] = []
    /// Pictures that were scored, the same for all rows.
    public var count: Int
    /// A row for each model, input size, block and branch.
    public var rows: [Row]
    /// Masks that need no network, on the same pictures.
    public var trivial: [Row]
    /// Other rows, also trivial ones (which come after the others), less the first.
    public var differences: [Difference]
    /// Files without a score.
    public var unscoredCount: Int
    /// The first hundred of them; all are in `unscored.csv`.
    public var unscored: [Unscored]
    /// What a reader should know.
    public var remarks: [String] = []
    /// The files of the run.
    public var outputs: [String] = []

    /// The record of an evaluation.
    public init(
      objects: String, reading: String, averaging: IoUAveraging, pointingTolerance: Double,
      intervals: String, test: String, count: Int, rows: [Row], trivial: [Row],
      differences: [Difference], unscoredCount: Int, unscored: [Unscored]
    ) {
      self.objects = objects
      self.reading = reading
      self.averaging = averaging
      self.pointingTolerance = pointingTolerance
      self.intervals = intervals
      self.test = test
      self.count = count
      self.rows = rows
      self.trivial = trivial
      self.differences = differences
      self.unscoredCount = unscoredCount
      self.unscored = unscored
    }
  }
}
