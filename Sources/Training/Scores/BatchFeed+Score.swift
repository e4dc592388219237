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
    while let batch = try next() {
      guard stop.signal == nil else { return nil }
      let logits = try evaluator.values(of: [network.logits], images: batch.images)[network.logits]
      guard let logits else { preconditionFailure("an evaluator gives what it is asked for") }
      score.add(logits: logits, labels: labels.map { map in batch.labels.map { map[$0] } } ?? batch.labels)
      done += 1
      try advanced(done)
    }
    return score
  }
}
