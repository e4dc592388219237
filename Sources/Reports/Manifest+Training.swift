extension Manifest {
  /// A training run.
  public struct Training: Codable, Sendable {
    /// Its recipe, complete, in the folder.
    public var recipe: String
    /// Pictures that were learnt from.
    public var trainImages: Int
    /// Pictures that it was checked with.
    public var validationImages: Int
    /// Class names, in the order of the logits.
    public var classes: [String]
    /// Epochs that were asked for.
    public var epochs: Int
    /// Steps that were done.
    public var steps: Int
    /// Best top-1 on the validation pictures, from 0 to 1.
    public var bestTop1: Double?
    /// The epoch it was reached in, from 1.
    public var bestEpoch: Int?
    /// Wall time of all parts of the run.
    public var seconds: Double
    /// What was taken from other weights, if the run began with some.
    public var beginning: Beginning?
    /// Pictures that could not be read: in learning the next readable one stood for each, in checking none did.
    public var unreadable: Int?
    /// What a reader should know.
    public var remarks: [String]?

    /// What a run took from other weights.
    public struct Beginning: Codable, Sendable {
      /// The weight file.
      public var path: String
      /// Tensors of the network that it gave.
      public var loaded: Int
      /// Tensors of the network.
      public var of: Int
      /// Those that it has not, or in another shape, and that were initialised.
      public var initialized: [String]
      /// Tensors of the file that found no place.
      public var unused: [String]

      /// The record of a beginning.
      public init(path: String, loaded: Int, of: Int, initialized: [String], unused: [String]) {
        (self.path, self.loaded, self.of) = (path, loaded, of)
        (self.initialized, self.unused) = (initialized, unused)
      }
    }

    /// The record of a run.
    public init(
      recipe: String, trainImages: Int, validationImages: Int, classes: [String], epochs: Int, steps: Int,
      best: (top1: Double, epoch: Int)?, seconds: Double
    ) {
      self.recipe = recipe
      self.trainImages = trainImages
      self.validationImages = validationImages
      self.classes = classes
      self.epochs = epochs
      self.steps = steps
      bestTop1 = best?.top1
      bestEpoch = best?.epoch
      self.seconds = seconds
    }
  }

  /// How well a model names the classes of labelled pictures.
  public struct Classification: Codable, Sendable {
    /// One class.
    public struct Row: Codable, Sendable {
      /// The class.
      public var name: String
      /// Its pictures.
      public var count: Int
      /// Pictures that were called so.
      public var predicted: Int
      /// Share of its pictures that were called so.
      public var top1: Double
      /// Share of the pictures called so that are of the class.
      public var precision: Double

      /// The record of a class.
      public init(name: String, count: Int, predicted: Int, top1: Double, precision: Double) {
        self.name = name
        self.count = count
        self.predicted = predicted
        self.top1 = top1
        self.precision = precision
      }
    }

    /// Where the pictures are.
    public var data: String
    /// Which part of them.
    public var split: String?
    /// Pictures that were scored.
    public var count: Int
    /// Pictures that could not be read, or were too small for the network, and were left out.
    public var unreadable: Int
    /// Share whose class has the highest logit.
    public var top1: Double
    /// Share whose class is among the five highest.
    public var top5: Double
    /// `softmax` or `sigmoid`.
    public var lossKind: String
    /// Mean loss.
    public var loss: Double
    /// The classes, in the order of the logits.
    public var classes: [Row]

    /// The record of an evaluation.
    public init(
      data: String, split: String?, count: Int, unreadable: Int, top1: Double, top5: Double, lossKind: String,
      loss: Double, classes: [Row]
    ) {
      self.data = data
      self.split = split
      self.count = count
      self.unreadable = unreadable
      self.top1 = top1
      self.top5 = top5
      self.lossKind = lossKind
      self.loss = loss
      self.classes = classes
    }
  }
}
