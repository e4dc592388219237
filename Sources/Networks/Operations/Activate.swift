import Tensors

/// An activation function other than ReLU, which has an operation of its own because it fuses with what is before it.
package struct Activate: ElementaryOperation {
  /// Which.
  package let function: Activation

  /// The operator of a function.
  package init(_ function: Activation) { self.function = function }

  package func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].activated(function) }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (value(of: inputs), { [x = inputs[0], function] in [x.activatedGradient($0, function)] })
  }
}
