import Synchronization
import Tensors

/// A named tensor that a network learns or accumulates. Declared with its shape; its value is given later, by a
/// checkpoint or an initialiser.
public final class Parameter: Sendable {
  /// What a parameter is for, which decides how it starts and whether it is decayed.
  public enum Role: Sendable {
    /// Weights of a convolution or linear layer.
    case weight
    /// Weights of a transposed convolution.
    case transposedWeight
    /// Offset of a linear layer.
    case bias
    /// Factor of a batch normalisation ("weight" in PyTorch).
    case scale
    /// Offset of a batch normalisation ("bias" in PyTorch).
    case shift
    /// Running mean of a batch normalisation; not learnt by gradients.
    case runningMean
    /// Running variance of a batch normalisation; not learnt by gradients.
    case runningVariance
  }

  /// The full state-dict name, such as `layer1.layer1_block_0.conv_conv1.weight`.
  public let name: String
  /// PyTorch's shape.
  public let shape: [Int]
  /// What it is for.
  public let role: Role
  private let assigned = Mutex<Tensor?>(nil)

  /// A parameter without a value.
  public init(name: String, shape: [Int], role: Role) {
    self.name = name
    self.shape = shape
    self.role = role
  }

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// True for weights of any layer, which are decayed always.
  public var isWeight: Bool { role == .weight || role == .transposedWeight }

  /// True for what gradients change; false for running statistics.
  public var isLearnt: Bool { role != .runningMean && role != .runningVariance }

  /// Whether nobody but the parameter holds its value, so that what the value is a view of may change unnoticed.
  var isValueUniquelyHeld: Bool { assigned.withLock { $0?.isUniquelyHeld() ?? true } }

  /// The value.
  /// - Precondition: it was given one, of the declared shape.
  public var value: Tensor {
    get {
      guard let value = assigned.withLock({ $0 }) else { preconditionFailure("\(name) has no value") }
      return value
    }
    set {
      precondition(newValue.shape == shape, "\(name) is \(shape), not \(newValue.shape)")
      assigned.withLock { $0 = newValue }
    }
  }
}
