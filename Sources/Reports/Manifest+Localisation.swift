import Attention

extension Manifest {
  /// How well attention masks lie on marked objects, with all that the numbers depend on and that `masking` and the
  /// model's preprocessing do not say.
  public struct Localisation: Codable, Sendable {
    /// Means of one way to make masks.
    public struct Row: Codable, Sendable {
      /// The branch, or a mask that needs no network.
      public var name: String
      /// The block, under torchvision's name.
      public var block: String?
      /// What the pictures were brought to; none where they went in as they are.
      public var inputSize: Int?
      /// Mean IoU of mask and object.
      public var maskIoU: Double
      /// Mean IoU of the boxes around the mask and the object.
      public var boxIoU: Double?
      /// Share of pictures where that is above ½.
      public var boxIoUAboveHalf: Double?
      /// Mean IoU of the boxes around the mask's largest part and the object.
      public var largestBoxIoU: Double?
      /// Share of pictures where that is above ½.
      public var largestBoxIoUAboveHalf: Double?
      /// Pictures whose mask was empty; they count with 0.
      public var emptyMasks: Int

      /// The record of means.
      public init(name: String, block: String?, inputSize: Int?, means: LocalisationMeans) {
        self.name = name
        self.block = block
        self.inputSize = inputSize
        maskIoU = means.mask.value
        boxIoU = means.box?.value
        boxIoUAboveHalf = means.box?.shareAboveHalf
        largestBoxIoU = means.largestBox?.value
        largestBoxIoUAboveHalf = means.largestBox?.shareAboveHalf
        emptyMasks = means.emptyMasks
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
    /// How that was read.
    public var reading: String
    /// How pictures were brought to the input size.
    public var interpolation: String
    /// What counts where the network did not look.
    public var unseen = "without attention"
    /// How the scores of pictures became one.
    public var averaging = "mean over pictures of the IoU of each"
    /// Pictures that were scored, the same for all rows.
    public var count: Int
    /// A row for each input size and branch.
    public var rows: [Row]
    /// Masks that need no network, on the same pictures.
    public var trivial: [Row]
    /// Files without a score.
    public var unscored: [Unscored]
    /// The scores of each picture.
    public var pictures = "pictures.csv"

    /// The record of an evaluation.
    public init(
      objects: String, reading: String, interpolation: String, count: Int, rows: [Row], trivial: [Row],
      unscored: [Unscored]
    ) {
      self.objects = objects
      self.reading = reading
      self.interpolation = interpolation
      self.count = count
      self.rows = rows
      self.trivial = trivial
      self.unscored = unscored
    }
  }
}
