import Tensors

/// An operation without parameters that fuses with nothing.
public protocol ElementaryOperation: Operation {
  /// The result.
  func value(of inputs: [Tensor]) -> Tensor

  /// The result, and what makes the gradient of each input of that of the result. It keeps no more than that needs.
  func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor])
}

extension ElementaryOperation {
  /// The result in evaluation.
  public func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor { value(of: inputs) }

  /// The result in training, and the way back.
  public func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    let (output, gradients) = recorded(inputs)
    return Recorded(output) { contributions, _, _ in gradients(Tensor.total(contributions)) }
  }
}
