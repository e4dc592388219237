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
  /// Pictures that could not be read so far, and sentences about some.
  var bad: () -> (count: Int, first: [String]) = { (0, []) }
}
