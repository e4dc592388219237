import Tensors

/// What a pass is given: images [N, H, W, C].
public struct Input: Operation {
  /// The operation has no settings.
  public init() {}

  /// The shape of the result.
  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  /// The result in evaluation.
  public func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor {
    preconditionFailure("an input is given, not computed")
  }

  /// The result in training, and the way back.
  public func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    preconditionFailure("an input is given, not computed")
  }
}
