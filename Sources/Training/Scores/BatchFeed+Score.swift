import Datasets
import EDNets
import Networks
import Tensors

extension BatchFeed {
  /// How a network classifies all pictures, in evaluation mode.
  /// - Parameter labels: the logit of each class; nil if they are in the same order.
  /// - Returns: nil if it was asked to stop before the end.
  func score(
    _ network: Network, loss: Loss, labels: [Int]? = nil, stop: StopRequest,
    advanced: (_ done: Int) throws -> Void
  ) throws -> ClassificationScore? {
    let evaluator = Evaluator(network.graph)
    var score = ClassificationScore(classes: network.description.classes, loss: loss)
    let next = try open(0, 0, [])
    var done = 0
    var fitting: [Int] = []
    while let batch = try next() {
      guard stop.signal == nil else { return nil }
      try check(batch, fits: network, unlike: &fitting)
      let logits = try evaluator.values(of: [network.logits], images: batch.images)[network.logits]
      guard let logits else { preconditionFailure("an evaluator gives what it is asked for") }
      score.add(logits: logits, labels: labels.map { map in batch.labels.map { map[$0] } } ?? batch.labels)
      done += 1
      try advanced(done)
    }
    return score
  }

  /// Makes sure that the pictures of a batch are large enough for a network.
  /// - Parameter fitting: the shape that was found to be, which is not looked at again.
  /// - Throws: `DatasetError.tooSmall`.
  func check(_ batch: Batch, fits network: Network, unlike fitting: inout [Int]) throws(DatasetError) {
    guard batch.images.shape != fitting else { return }
    guard network.graph.fits(images: batch.images.shape) else {
      throw .tooSmall(
        file: batch.positions.first.map(name) ?? path, width: batch.images.width, height: batch.images.height)
    }
    fitting = batch.images.shape
  }
}
