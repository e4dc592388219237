import Networks
import Tensors

/// What the loop needs of a trainer; a protocol, so that the loop's own behaviour (what is saved when, what happens
/// when numbers end) can be tested without a network's arithmetic.
protocol Learner: AnyObject {
  func accumulate(
    images: Tensor, targets: Tensor, features: Tensor?, loss: Loss
  ) throws(EngineError) -> (loss: Double, logits: Tensor)
  func step(rate: Float)
  var state: [(name: String, tensor: Tensor)] { get }
  func restore(_ state: [String: Tensor]) -> [String]
  func withAveragedParameters<R>(_ body: () throws -> R) rethrows -> R
  var isFinite: Bool { get }
}

extension Trainer: Learner {}
