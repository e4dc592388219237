/// A 1×1 convolution of stride 1 whose result is only added to another's: the end of F in a bottleneck.
public struct Projection: Sendable {
  /// [N, H, W, in].
  public let input: Tensor
  /// Weights [out, in, 1, 1].
  public let kernel: ConvolutionKernel
  /// [out], or none.
  public let bias: Tensor?

  /// - Precondition: the channels are those of the weights.
  public init(_ input: Tensor, kernel: ConvolutionKernel, bias: Tensor?) {
    precondition(
      kernel.weights.shape[1...] == [input.channels, 1, 1], "\(input.channels), \(kernel.weights.shape)")
    precondition(bias.map { $0.count == kernel.weights.shape[0] } ?? true)
    (self.input, self.kernel, self.bias) = (input, kernel, bias)
  }

  /// The shape of the result.
  public var shape: [Int] { input.shape.dropLast() + [kernel.weights.shape[0]] }
}
