import Tensors

/// What a pass is given: images [N, H, W, C].
public struct Input: Operation {
  /// The operation has no settings.
  public init() {}

  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  public func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor {
    preconditionFailure("an input is given, not computed")
  }

  public func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    preconditionFailure("an input is given, not computed")
  }
}
