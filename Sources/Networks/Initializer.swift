import Tensors

/// How parameters begin.
public enum Initializer {
  /// Gives every parameter its first value, which depends on the seed and its name alone.
  ///
  /// Convolutions: normal, variance 2 / fan-out (He et al. 2015; torch.nn.init.kaiming_normal_ with mode "fan_out"),
  /// where the fan-out is the first dimension times the window, also for a transposed convolution. Batch normalisation:
  /// factor 1, offset 0, running mean 0 and variance 1. Linear layers: uniform within 1 / √inputs, as torch.nn.Linear.
  public static func fill(_ parameters: [Parameter], seed: UInt64) {
    var inputs = 1
    for parameter in parameters {
      var generator = SeededGenerator(seed: seed, place: hash(parameter.name))
      switch parameter.role {
      case .weight where parameter.shape.count == 4, .transposedWeight:
        let fanOut = parameter.shape[0] * parameter.shape[2] * parameter.shape[3]
        let deviation = (2 / Double(fanOut)).squareRoot()
        parameter.value = Tensor(shape: parameter.shape) { values in
          for i in values.indices { values[i] = Float(deviation * generator.normal()) }
        }
      case .weight, .bias:
        // A bias stands behind its layer's weight.
        if parameter.role == .weight { inputs = parameter.shape[1] }
        let bound = 1 / Double(inputs).squareRoot()
        parameter.value = Tensor(shape: parameter.shape) { values in
          for i in values.indices { values[i] = Float((2 * generator.uniform() - 1) * bound) }
        }
      case .scale, .runningVariance: parameter.value = Tensor(repeating: 1, shape: parameter.shape)
      case .shift, .runningMean: parameter.value = Tensor(shape: parameter.shape)
      }
    }
  }

  /// FNV-1a, 64 bits.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
