import Tensors

/// An operation without parameters. A new one is a file in this folder: shapes, values and the way back.
public protocol Operator: Sendable {
  /// The shape of the result for inputs of these shapes.
  func shape(of inputs: [[Int]]) -> [Int]

  /// The result.
  func value(of inputs: [Tensor]) -> Tensor

  /// The result, and what makes the gradient of each input of that of the result. It keeps no more than that needs.
  func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor])
}
