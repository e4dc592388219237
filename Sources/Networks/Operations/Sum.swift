import Tensors

/// Sum of one to three maps of one shape.
public struct Sum: Operation {
  /// The operation has no settings.
  public init() {}

  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  public func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor {
    Tensor.sum(inputs.map { Summand($0) })
  }

  public func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    NormalizedTerms(norms: inputs.map { _ in nil }, relu: false).recorded(inputs, pass)
  }
}

/// max(x, 0).
public struct ReLU: Operation {
  /// The operation has no settings.
  public init() {}

  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  public func isRectified(_ inputs: [Bool]) -> Bool { true }

  public func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor {
    Tensor.sum([Summand(inputs[0])], relu: true)
  }

  public func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    NormalizedTerms(norms: [nil], relu: true).recorded(inputs, pass)
  }
}
