/// What all copies of CIFAR-10 have in common (Krizhevsky, 2009).
enum CIFAR10 {
  /// Its classes in the order of its labels.
  static let classes = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  /// Columns and rows of a picture.
  static let side = 32
  /// Bytes of a picture.
  static let size = side * side * 3

  /// The batches of a split.
  static func batches(of split: DatasetSplit?) -> [String] {
    split ?? .train == .train ? (1...5).map { "data_batch_\($0)" } : ["test_batch"]
  }
}
