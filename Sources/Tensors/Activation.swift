import CKernels

/// The function behind normalisations and sums, as torch.nn's of the same name.
public enum Activation: Hashable, Sendable {
  /// max(x, 0).
  case relu
  /// x / (1 + e⁻ˣ), also called Swish.
  case silu
  /// x Φ(x), where Φ is the normal distribution's, without approximation.
  case gelu
  /// x above 0, and `slope` · x below.
  case leaky(slope: Float)

  /// What the kernels call it; nil for ReLU, which has its own.
  var kernel: (kind: edviz_activation, slope: Float)? {
    switch self {
    case .relu: nil
    case .silu: (EDVIZ_SILU, 0)
    case .gelu: (EDVIZ_GELU, 0)
    case .leaky(let slope): (EDVIZ_LEAKY, slope)
    }
  }
}
