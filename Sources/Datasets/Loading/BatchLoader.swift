import Images
import Tensors

/// Makes batches of a dataset, a few ahead of who trains with them.
///
/// What a batch holds depends on the options, the epoch and the batch's number alone: not on threads, on where an epoch
/// was begun, or on what came before.
public final class BatchLoader: Sendable {
  /// How batches are made.
  public struct Options: Sendable {
    /// Images in a batch.
    public var batchSize: Int
    /// Whether every epoch has an order of its own; else it is the dataset's.
    public var isShuffled: Bool
    /// Whether the last batch is kept although it may have fewer images.
    public var keepsIncomplete: Bool
    /// What all random numbers come from.
    public var seed: UInt64
    /// What happens to each picture.
    public var augmentation: Augmentation
    /// How levels become numbers.
    public var normalization: ColorNormalization
    /// How each picture is brought to the network's size before that; nil leaves it to `augmentation`.
    public var fit: PictureFit?
    /// Whether a picture that was fitted and augmented can be used; one that cannot counts as unreadable.
    public var isUsable: (@Sendable (_ width: Int, _ height: Int) -> Bool)?
    /// The part of each target that is spread evenly over all classes.
    public var labelSmoothing: Double
    /// Whether pictures of a batch are mixed.
    public var cutMix: CutMix?
    /// What another network says of the pictures, if it has a say in their targets.
    public var teacher: Teacher?
    /// Threads that decode and augment.
    public var threads: Int
    /// Batches that may be made or be waiting at a time.
    public var depth: Int
    /// Bytes of decoded pictures that are kept for later epochs.
    public var cacheBytes: Int
    /// The share of images that may be unreadable; one image may be at any share above 0.
    public var tolerance: Double
    /// Whether the next readable image stands for one that is not, as in training, where batches have one size; else
    /// it is left out, because a score must not count another one twice.
    public var replacesUnreadable: Bool

    /// Options of training, which shuffles and drops what is left at the end.
    public init(
      batchSize: Int, isShuffled: Bool = true, keepsIncomplete: Bool = false, seed: UInt64 = 0,
      augmentation: Augmentation = Augmentation(), normalization: ColorNormalization = .imageNet,
      labelSmoothing: Double = 0, cutMix: CutMix? = nil, threads: Int = 1, depth: Int = 3,
      cacheBytes: Int = 512 << 20, tolerance: Double = 0.01, replacesUnreadable: Bool = true
    ) {
      self.batchSize = batchSize
      self.isShuffled = isShuffled
      self.keepsIncomplete = keepsIncomplete
      self.seed = seed
      self.augmentation = augmentation
      self.normalization = normalization
      self.labelSmoothing = labelSmoothing
      self.cutMix = cutMix
      self.threads = threads
      self.depth = depth
      self.cacheBytes = cacheBytes
      self.tolerance = tolerance
      self.replacesUnreadable = replacesUnreadable
    }

    /// Options of evaluation: every readable image once, in the dataset's order, brought to a size.
    public static func evaluation(
      batchSize: Int, fit: PictureFit? = nil, normalization: ColorNormalization = .imageNet
    ) -> Options {
      var options = Options(
        batchSize: batchSize, isShuffled: false, keepsIncomplete: true, normalization: normalization,
        replacesUnreadable: false)
      options.fit = fit
      return options
    }

    func validate() throws(DatasetError) {
      try DatasetError.require(batchSize, in: 1...65_536, "the batch size")
      try DatasetError.require(labelSmoothing, in: 0...0.999, "label smoothing")
      try DatasetError.require(threads, in: 1...256, "the number of threads")
      try DatasetError.require(depth, in: 1...1024, "the number of batches ahead")
      try DatasetError.require(cacheBytes, in: 0...Int.max, "the size of the cache")
      try DatasetError.require(tolerance, in: 0...1, "the tolerated share of unreadable images")
      try augmentation.validate()
      try cutMix?.validate()
    }
  }

  /// Another network's say in the targets.
  public struct Teacher: Sendable {
    /// What it says; batches have its features as well if it has them.
    public var labels: TeacherLabels
    /// How its logits become targets.
    public var activation: TeacherLabels.Activation
    /// Its share in each target; the rest is the label's.
    public var share: Float
    /// A say of a share.
    public init(_ labels: TeacherLabels, _ activation: TeacherLabels.Activation, share: Float) {
      self.labels = labels
      self.activation = activation
      self.share = share
    }
  }

  /// An image that could not be read.
  public struct BadImage: Codable, Hashable, Sendable {
    /// Its position in the dataset.
    public let position: Int
    /// What the dataset calls it.
    public let name: String
    /// One sentence, which names the image.
    public let reason: String
  }

  /// Where images come from.
  public let dataset: any Dataset
  /// How batches are made.
  public let options: Options
  let store: ImageStore

  /// A loader; nothing is read yet.
  /// - Throws: `DatasetError` for options out of range and for a dataset that fills no batch.
  public init(_ dataset: any Dataset, options: Options) throws(DatasetError) {
    try options.validate()
    self.dataset = dataset
    self.options = options
    store = ImageStore(dataset, cacheBytes: options.cacheBytes, tolerance: options.tolerance)
    guard batchCount > 0 else {
      throw .setting(
        name: "the batch size", value: "\(options.batchSize)", needed: "at most the \(dataset.count) images")
    }
  }

  /// Batches of an epoch.
  public var batchCount: Int {
    let whole = dataset.count / options.batchSize
    return options.keepsIncomplete && !dataset.count.isMultiple(of: options.batchSize) ? whole + 1 : whole
  }

  /// Images that could not be read so far, by position.
  public var badImages: [BadImage] { store.badImages }

  /// Bytes of decoded pictures that are kept.
  public var cachedBytes: Int { store.cachedBytes }

  /// Starts making the batches of an epoch, from any of them on; threads run until the result is released.
  /// - Parameter bad: the images that could not be read for the batches before; they count as those that follow.
  public func epoch(_ epoch: Int, startingAt batch: Int = 0, bad: [BadImage] = []) -> BatchSequence {
    precondition(batch >= 0 && epoch >= 0, "epochs and batches count from 0")
    return BatchSequence(BatchMaker(self, epoch: epoch), from: min(batch, batchCount), bad: bad)
  }
}
