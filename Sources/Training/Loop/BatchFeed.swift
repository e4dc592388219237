import Datasets

/// Batches by epoch. The same epoch gives the same batches, wherever in it one begins.
struct BatchFeed {
  /// What the data is called.
  var path: String
  /// Class names, in the order of the labels.
  var classes: [String]
  /// Pictures.
  var images: Int
  /// Batches of an epoch.
  var batches: Int
  /// Batches of an epoch from one of them on; what it returns gives one batch a call and nil at the end.
  var open: (_ epoch: Int, _ first: Int) throws -> () throws -> Batch?
  /// A sentence about each picture that could not be read so far.
  var bad: () -> [String] = { [] }
}

extension BatchFeed {
  /// The batches of a loader.
  init(_ loader: BatchLoader, path: String) {
    self.init(
      path: path, classes: loader.dataset.classes, images: loader.dataset.count, batches: loader.batchCount,
      open: { epoch, first in
        let batches = loader.epoch(epoch, startingAt: first)
        return { try batches.next() }
      },
      bad: { loader.badImages.map(\.reason) })
  }
}
