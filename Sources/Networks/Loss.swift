import Glibc
import Tensors

/// What training makes small, as a function of logits [N, C] and targets [N, C].
///
/// Targets are shares of each class: 1 in one place for a plain label; label smoothing and mixed pictures spread it.
public enum Loss: String, Codable, CaseIterable, Sendable {
  /// Cross-entropy of the softmax, as torch.nn.CrossEntropyLoss.
  case softmax
  /// A yes-or-no question for each class, summed over the classes: torch.nn.BCEWithLogitsLoss times their number.
  case sigmoid

  /// The mean over the batch, and its gradient with respect to the logits.
  public func evaluate(logits: Tensor, targets: Tensor) -> (value: Double, gradient: Tensor) {
    precondition(
      logits.shape == targets.shape && logits.shape.count == 2, "\(logits.shape), \(targets.shape)")
    let (batch, classes) = (logits.shape[0], logits.shape[1])
    var total = 0.0
    let gradient = Tensor(shape: logits.shape) { gradient in
      logits.withUnsafeElements { logits in
        targets.withUnsafeElements { targets in
          for row in 0..<batch {
            let range = row * classes..<(row + 1) * classes
            let target = UnsafeMutableBufferPointer(rebasing: gradient[range])
            let (x, t) = (
              UnsafeBufferPointer(rebasing: logits[range]), UnsafeBufferPointer(rebasing: targets[range])
            )
            total += self == .softmax ? Self.softmax(x, t, target) : Self.sigmoid(x, t, target)
          }
        }
      }
      let share = 1 / Float(batch)
      for i in gradient.indices { gradient[i] *= share }
    }
    return (total / Double(batch), gradient)
  }

  /// −Σ t · log softmax(x); its gradient is softmax(x) · Σ t − t.
  private static func softmax(
    _ x: UnsafeBufferPointer<Float>, _ t: UnsafeBufferPointer<Float>,
    _ gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    let top = Double(x.reduce(-.infinity, max))
    var (sum, mass, dot) = (0.0, 0.0, 0.0)
    for i in x.indices {
      sum += exp(Double(x[i]) - top)
      mass += Double(t[i])
      if t[i] != 0 { dot += Double(t[i]) * Double(x[i]) }
    }
    let normalizer = top + log(sum)
    for i in x.indices { gradient[i] = Float(exp(Double(x[i]) - normalizer) * mass) - t[i] }
    return normalizer * mass - dot
  }

  /// Σ log(1 + eˣ) − t · x; its gradient is 1 / (1 + e⁻ˣ) − t.
  private static func sigmoid(
    _ x: UnsafeBufferPointer<Float>, _ t: UnsafeBufferPointer<Float>,
    _ gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    var sum = 0.0
    for i in x.indices {
      let value = Double(x[i])
      sum += max(value, 0) + log1p(exp(-abs(value))) - Double(t[i]) * value
      gradient[i] = Float(1 / (1 + exp(-value))) - t[i]
    }
    return sum
  }
}
