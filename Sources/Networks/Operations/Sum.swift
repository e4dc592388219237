import Tensors

/// Sum of one to three maps of one shape.
public struct Sum: Operation {
  /// The operation has no settings.
  public init() {}

  /// The shape of the result.
  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  /// The result in evaluation.
  public func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor {
    Tensor.sum(inputs.map { Summand($0) })
  }

  /// The result in training, and the way back.
  public func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    NormalizedTerms(norms: inputs.map { _ in nil }, relu: false).recorded(inputs, pass)
  }
}

/// max(x, 0).
public struct ReLU: Operation {
  /// The operation has no settings.
  public init() {}

  /// The shape of the result.
  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  /// Whether no value of the result can be below 0.
  public func isRectified(_ inputs: [Bool]) -> Bool { true }

  /// The result in evaluation.
  public func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor {
    Tensor.sum([Summand(inputs[0])], relu: true)
  }

  /// The result in training, and the way back.
  public func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    NormalizedTerms(norms: [nil], relu: true).recorded(inputs, pass)
  }
}
