import Tensors

/// A fully connected layer as torch.nn.Linear.
public final class Linear: Operation {
  /// [out, in]
  public let weight: Parameter
  /// [out]
  public let bias: Parameter

  /// A layer whose parameters are called `name.weight` and `name.bias`.
  public init(name: String, inputs: Int, outputs: Int) {
    weight = Parameter(name: name + ".weight", shape: [outputs, inputs], role: .weight)
    bias = Parameter(name: name + ".bias", shape: [outputs], role: .bias)
  }

  /// What is learnt or gathered.
  public var parameters: [Parameter] { [weight, bias] }

  /// Where one value of the result looks.
  public var window: ReceptiveWindow { .whole }

  /// The shape of the result.
  public func shape(of inputs: [[Int]]) -> [Int] { [inputs[0][0], weight.shape[0]] }

  /// Multiply-accumulates.
  public func multiplyAccumulates(inputs: [[Int]], output: [Int]) -> Int { weight.count * inputs[0][0] }

  /// The weight as that of a 1×1 convolution.
  var kernel: ConvolutionKernel { ConvolutionKernel(weight.value.reshaped(weight.shape + [1, 1])) }

  /// The result in evaluation.
  public func value(
    of inputs: [Tensor], on backend: any ConvolutionBackend
  ) throws(EngineError) -> Tensor {
    try inputs[0].linear(with: kernel, bias: bias.value, on: backend)
  }

  /// The result in training, and the way back.
  public func recorded(
    _ inputs: consuming [Tensor], _ pass: RecordedPass
  ) throws(EngineError) -> Recorded {
    let output = try value(of: inputs, on: pass.backend)
    let input = pass.learns ? inputs[0] : nil
    return Recorded(output) {
      [self, backend = pass.backend] (contributions, isWanted, gradients) throws(EngineError) in
      let gradient = Tensor.total(contributions)
      if let input, let gradients {
        gradients.add(try input.linearWeightGradient(outputGradient: gradient, on: backend), to: weight)
        gradients.add(gradient.columnSum(), to: bias)
      }
      return [isWanted[0] ? try gradient.linearDataGradient(with: kernel, on: backend) : nil]
    }
  }
}
