import Datasets
import EDNets

extension BatchFeed {
  /// Every picture of a dataset once, through the preprocessing of a model.
  /// - Parameters:
  ///   - part: which part is meant where the source does not say and there are parts.
  ///   - maxUnreadable: the share of pictures that may be unreadable.
  /// - Throws: `DatasetError`.
  init(
    evaluating source: DatasetSource, part: DatasetSplit, preprocessing: Preprocessing, batch: Int,
    cacheBytes: Int = 0, maxUnreadable: Double
  ) throws {
    var options = BatchLoader.Options.evaluation(
      batchSize: batch, augmentation: preprocessing.steps, normalization: try preprocessing.normalization())
    options.cacheBytes = cacheBytes
    options.tolerance = maxUnreadable
    self.init(try BatchLoader(source.open(preferring: part), options: options), path: source.path)
  }
}

extension Preprocessing {
  /// What happens to a picture before it becomes numbers, as steps of a loader; the same as `fitted` but for pictures
  /// that are more than `largestAspect` times as long as they are wide.
  var steps: Augmentation {
    switch fit {
    case .none: Augmentation()
    case .square: Augmentation([.resizeSquare(size: size)])
    case .short: Augmentation([.resizeShortSide(size: size)])
    case .crop: Augmentation([.resizeShortSide(size: size * 256 / 224), .centerCrop(size: size)])
    }
  }

  func normalization() throws(DatasetError) -> Normalization {
    try Normalization(mean: mean, standardDeviation: standardDeviation)
  }
}
