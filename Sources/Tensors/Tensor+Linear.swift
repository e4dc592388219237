import CKernels

extension Tensor {
  /// x · weightsᵀ + bias, as torch.nn.Linear: self is [N, in], the kernel [out, in, 1, 1], `bias` [out] or none.
  ///
  /// A convolution of one pixel, so that one library computes everything: two that each keep threads waiting for work
  /// take the cores from each other.
  public func linear(
    with kernel: ConvolutionKernel, bias: Tensor?,
    on backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) throws(EngineError) -> Tensor {
    precondition(shape.count == 2, "a linear layer reads [N, in], not \(shape)")
    let output = try reshaped([shape[0], 1, 1, shape[1]]).convolved(
      with: kernel, ConvolutionGeometry(kernel: 1), epilogue: ConvolutionEpilogue(bias: bias), on: backend)
    return output.reshaped([shape[0], kernel.weights.shape[0]])
  }

  /// The gradient of `linear`'s input; self is the gradient of its output, [N, out].
  public func linearDataGradient(
    with kernel: ConvolutionKernel, on backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) throws(EngineError) -> Tensor {
    let gradient = try reshaped([shape[0], 1, 1, shape[1]]).transposeConvolved(
      with: kernel, ConvolutionGeometry(kernel: 1), outputSize: Size2D(1), on: backend)
    return gradient.reshaped([shape[0], kernel.weights.shape[1]])
  }

  /// The gradient of `linear`'s weights, [out, in]; self is the input, [N, in].
  public func linearWeightGradient(
    outputGradient: Tensor, on backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) throws(EngineError) -> Tensor {
    let (inputs, outputs) = (shape[1], outputGradient.shape[1])
    let gradient = try reshaped([shape[0], 1, 1, inputs]).convolutionWeightGradient(
      outputGradient: outputGradient.reshaped([shape[0], 1, 1, outputs]), weights: [outputs, inputs, 1, 1],
      ConvolutionGeometry(kernel: 1), on: backend)
    return gradient.reshaped([outputs, inputs])
  }

  /// Sums of the columns of [N, C]: the gradient of a bias from that of the output.
  public func columnSum() -> Tensor {
    let output = Tensor(uninitialized: [channels])
    edviz_column_sum(
      output.storage.pointer, storage.pointer, Int64(count / max(1, channels)), Int64(channels))
    return output
  }
}
