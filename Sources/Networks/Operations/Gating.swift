import Tensors

/// 1 / (1 + e⁻ˣ).
package struct Sigmoid: ElementaryOperation {
  /// The operator has no settings.
  package init() {}

  package func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].sigmoid() }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    let output = value(of: inputs)
    return (output, { [output.sigmoidGradient($0)] })
  }
}

/// A map [N, H, W, C] times a gate for each channel of each image, [N, C].
package struct ScaleChannels: ElementaryOperation {
  /// The operator has no settings.
  package init() {}

  package func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].scaled(byChannels: inputs[1]) }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [x = inputs[0], gate = inputs[1]] in
        let gradients = x.scaledGradients($0, byChannels: gate)
        return [gradients.input, gradients.gate]
      }
    )
  }
}

/// A map [N, H, W, C] times a gate for each position, [N, H, W, 1].
package struct ScalePositions: ElementaryOperation {
  /// The operator has no settings.
  package init() {}

  package func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].scaled(byPositions: inputs[1]) }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [x = inputs[0], gate = inputs[1]] in
        let gradients = x.scaledGradients($0, byPositions: gate)
        return [gradients.input, gradients.gate]
      }
    )
  }
}
