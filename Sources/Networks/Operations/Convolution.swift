import Tensors

/// A convolution, or a transposed one, without bias: in these networks batch normalisation follows each.
///
/// A transposed one reads two inputs: the map that it convolves, and one of whose values it reads none, but whose size it makes.
public final class Convolution: Operation {
  /// [out, in/groups, kH, kW]; for a transposed convolution [in, out/groups, kH, kW].
  public let weight: Parameter
  /// Window, step, padding and groups.
  public let geometry: ConvolutionGeometry
  /// Channels it reads.
  public let inputs: Int
  /// Channels it writes.
  public let outputs: Int
  /// Whether it is transposed.
  public let isTransposed: Bool

  /// A convolution whose weight is called `name.weight`.
  /// - Precondition: the groups divide the channels.
  public init(
    name: String, inputs: Int, outputs: Int, geometry: ConvolutionGeometry, transposed: Bool = false
  ) {
    precondition(
      inputs % geometry.groups == 0 && outputs % geometry.groups == 0,
      "\(name): \(geometry.groups) groups do not divide \(inputs) and \(outputs) channels")
    let (first, second) = transposed ? (inputs, outputs) : (outputs, inputs)
    weight = Parameter(
      name: name + ".weight",
      shape: [first, second / geometry.groups, geometry.kernel.height, geometry.kernel.width],
      role: transposed ? .transposedWeight : .weight)
    self.geometry = geometry
    self.inputs = inputs
    self.outputs = outputs
    isTransposed = transposed
  }

  /// What is learnt or gathered.
  public var parameters: [Parameter] { [weight] }

  /// Where one value of the result looks.
  public var window: ReceptiveWindow { isTransposed ? .transposed(geometry) : .window(geometry) }

  /// Inputs behind these lend no more than their size.
  public var readInputs: Int? { isTransposed ? 1 : nil }

  /// The shape of the result.
  public func shape(of inputs: [[Int]]) -> [Int] {
    isTransposed ? inputs[1].dropLast() + [outputs] : geometry.outputShape(of: inputs[0], channels: outputs)
  }

  /// One for each weight and position of the result; for a transposed one, of the input, as its data gradient has it.
  public func multiplyAccumulates(inputs: [[Int]], output: [Int]) -> Int {
    weight.count * (isTransposed ? inputs[0] : output).dropLast().reduce(1, *)
  }

  /// The result in evaluation.
  public func value(
    of inputs: [Tensor], on backend: any ConvolutionBackend
  ) throws(EngineError) -> Tensor {
    let kernel = ConvolutionKernel(weight.value)
    guard isTransposed else { return try inputs[0].convolved(with: kernel, geometry, on: backend) }
    return try inputs[0].transposeConvolved(with: kernel, geometry, outputSize: inputs[1].size, on: backend)
  }

  /// The result in training, and the way back.
  public func recorded(
    _ inputs: consuming [Tensor], _ pass: RecordedPass
  ) throws(EngineError) -> Recorded {
    let output = try value(of: inputs, on: pass.backend)
    let (input, size) = (pass.learns ? inputs[0] : nil, inputs[0].size)
    return Recorded(output) {
      [self, backend = pass.backend] (contributions, isWanted, gradients) throws(EngineError) in
      let gradient = Tensor.total(contributions)
      if let input, let gradients {
        let (read, written) = isTransposed ? (gradient, input) : (input, gradient)
        try gradients.withTarget(weight) { (target, accumulating) throws(EngineError) in
          try read.addWeightGradient(
            outputGradient: written, geometry, into: target, accumulating: accumulating, on: backend)
        }
      }
      guard isWanted[0] else { return [nil] }
      return [try inputGradient(gradient, with: ConvolutionKernel(weight.value), size: size, on: backend)]
    }
  }

  /// The gradient of an input of a size from that of the result, by the kernel that made it.
  func inputGradient(
    _ gradient: Tensor, with kernel: ConvolutionKernel, size: Size2D, on backend: any ConvolutionBackend
  ) throws(EngineError) -> Tensor {
    isTransposed
      ? try gradient.convolved(with: kernel, geometry, on: backend)
      : try gradient.transposeConvolved(with: kernel, geometry, outputSize: size, on: backend)
  }
}
