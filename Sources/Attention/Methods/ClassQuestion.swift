import EDNets
import Tensors

/// A class that is asked about.
public enum ClassChoice: Hashable, Sendable {
  /// The best of the image's own classes is 1, the next 2.
  case rank(Int)
  /// Place among the logits, from 0.
  case index(Int)

  /// `top`, `top2`, `runner-up`, a place among the logits, or a name of one of `classes`, in any case of letters.
  /// - Parameter count: how many logits there are.
  /// - Throws: `AttentionError.unknownClass` with the nearest names.
  public init(_ text: String, classes: [String], count: Int) throws(AttentionError) {
    let lowered = text.lowercased()
    let exact = classes.firstIndex(of: text) ?? classes.firstIndex { $0.lowercased() == lowered }
    if let exact {
      self = .index(exact)
    } else if lowered == "top" || lowered == "runner-up" {
      self = .rank(lowered == "top" ? 1 : 2)
    } else if lowered.hasPrefix("top"), let rank = Int(lowered.dropFirst(3)), (1...count).contains(rank) {
      self = .rank(rank)
    } else if let index = Int(text), (0..<count).contains(index) {
      self = .index(index)
    } else {
      throw .unknownClass(name: text, nearest: nearestNames(to: text, among: classes, count: 3), count: count)
    }
  }

  /// The class of each row of logits [N, classes].
  func classes(of logits: Tensor) -> [Int] {
    let (rows, count) = (logits.shape[0], logits.shape[1])
    return logits.withUnsafeElements { values in
      (0..<rows).map { row in
        switch self {
        case .index(let index): return index
        case .rank(let rank):
          let order = (0..<count).sorted { (values[row * count + $1], $0) < (values[row * count + $0], $1) }
          return order[min(rank, count) - 1]
        }
      }
    }
  }
}

/// What is asked about a class: its logit, or how far it is above another's (Finer-CAM).
public struct ClassQuestion: Hashable, Sendable {
  /// The class.
  public var choice: ClassChoice
  /// What it is compared with.
  public var against: ClassChoice?

  /// Why this class, or why this and not that.
  public init(_ choice: ClassChoice = .rank(1), against: ClassChoice? = nil) {
    self.choice = choice
    self.against = against
  }

  /// The gradient of the sum over images of what is asked, with respect to logits [N, classes].
  func seed(for logits: Tensor) -> Tensor {
    let count = logits.shape[1]
    let (classes, others) = (choice.classes(of: logits), against?.classes(of: logits))
    return Tensor(shape: logits.shape) { seed in
      seed.update(repeating: 0)
      for (row, index) in classes.enumerated() {
        seed[row * count + index] += 1
        if let others { seed[row * count + others[row]] -= 1 }
      }
    }
  }
}
