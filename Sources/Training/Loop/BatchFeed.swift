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
  /// Batches of an epoch from one of them on; what it returns gives one batch a call and nil at the end. Pictures that
  /// could not be read for the batches before count as those that follow.
  var open: (_ epoch: Int, _ first: Int, _ bad: [BatchLoader.BadImage]) throws -> () throws -> Batch?
  /// The class of a picture.
  var label: (_ position: Int) -> Int
  /// What a picture is called.
  var name: (_ position: Int) -> String
  /// The pictures that could not be read so far.
  var bad: () -> [BatchLoader.BadImage] = { [] }
  /// What a reader should know of the data.
  var remarks: [String] = []
  /// The teacher's features that the batches have, if they have any.
  var features: TeacherLabels.Features?
}

extension BatchFeed {
  /// The batches of a loader.
  init(_ loader: BatchLoader, path: String) {
    self.init(
      path: path, classes: loader.dataset.classes, images: loader.dataset.count, batches: loader.batchCount,
      open: { epoch, first, bad in
        let batches = loader.epoch(epoch, startingAt: first, bad: bad)
        return { try batches.next() }
      },
      label: { loader.dataset.label(at: $0) }, name: { loader.dataset.name(at: $0) },
      bad: { loader.badImages },
      remarks: loader.dataset.remarks + [loader.dataset.remarkOnEmptyClasses(path: path)].compactMap { $0 })
  }
}

extension BatchFeed {
  /// How many pictures each class has.
  var imagesOfClasses: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for position in 0..<images { counts[label(position)] += 1 }
    return counts
  }

  /// Whether another feed has the very same pictures.
  func hasSamePictures(as other: BatchFeed) -> Bool {
    images == other.images && (0..<images).allSatisfy { name($0) == other.name($0) }
  }
}
