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
}
