import Tensors

/// Images that a network sees at once.
public struct Batch: Sendable {
  /// Normalised pictures, [N, H, W, 3].
  public var images: Tensor
  /// What the network should say: a share of each class, [N, classes]; each row sums to 1, but with a teacher's say that asks a
  /// yes-or-no question for each class.
  public var targets: Tensor
  /// A teacher's features of the pictures, place by place, [N, h, w, C].
  public var features: Tensor?
  /// The class of each image, before mixing.
  public let labels: [Int]
  /// The dataset's position of each image.
  public let positions: [Int]
  /// Which batch of the epoch this is.
  public let index: Int
  /// Images that could not be read for it: others of the dataset stand for them in training, none in evaluation.
  public let unreadable: [BatchLoader.BadImage]

  /// Number of images.
  public var count: Int { labels.count }
}
