import Datasets
import EDNets

extension BatchFeed {
  /// Every picture of a dataset once, through the preprocessing of a model.
  /// - Parameters:
  ///   - part: which part is meant where the source does not say and there are parts.
  ///   - maxUnreadable: the share of pictures that may be unreadable.
  ///   - isUsable: whether the network can look at a picture of a size; others are left out as unreadable ones.
  /// - Throws: `DatasetError`, `ImageError`.
  init(
    evaluating source: DatasetSource, part: DatasetSplit, preprocessing: Preprocessing, batch: Int,
    cacheBytes: Int = 0, maxUnreadable: Double,
    isUsable: (@Sendable (_ width: Int, _ height: Int) -> Bool)? = nil
  ) throws {
    var options = BatchLoader.Options.evaluation(
      batchSize: batch, fit: preprocessing.pictureFit, normalization: try preprocessing.normalization())
    options.cacheBytes = cacheBytes
    options.tolerance = maxUnreadable
    options.isUsable = isUsable
    self.init(try BatchLoader(source.open(preferring: part), options: options), path: source.path)
  }
}
