import CKernels

/// Our own 3×3 convolutions of stride 1 and 2 by Winograd's algorithm (Lavin and Gray, "Fast algorithms for convolutional
/// neural networks", 2016), with a quarter of the multiplications and with two thirds: faster than what libraries reach
/// with all of them.
///
/// Results differ from those of the definition by some more roundings, a few 1e-6 of the largest value. That is why small
/// work, where little time is to be won, is left to the definition.
enum WinogradConvolution {
  /// Whether this is what the kernel computes for a large map, on which a convolution of this geometry is to be run, or
  /// one of its gradients, and enough work to be worth the transformed weights.
  static func handles(
    _ geometry: ConvolutionGeometry, batch: Int, size: Size2D, channels: Int, outputs: Int
  ) -> Bool {
    guard isThere, channels % 16 == 0, outputs % 16 == 0 else { return false }
    let strides = [1, 2].filter {
      geometry == ConvolutionGeometry(kernel: 3, stride: $0, padding: 1)
    }
    guard let stride = strides.first else { return false }
    let tiles = batch * ((size.height + 3) / 4) * ((size.width + 3) / 4)
    let small = geometry.outputSize(of: size)
    // Reading the weights, of which there are more, once for all tiles takes as long as some tiles more.
    let costs = stride == 1 ? 36 * (tiles + 30) : 25 * tiles + 16 * 30
    return tiles * channels * outputs >= 1 << 19 && costs < 9 * batch * small.height * small.width
  }

  /// Whether this processor can.
  static let isThere = edviz_has_winograd() != 0

  /// As `Tensor.convolved` with this geometry; with `transposed` as `Tensor.transposeConvolved`. `size` is that of the
  /// large map.
  static func convolve(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, size: Size2D,
    transposed: Bool, epilogue: ConvolutionEpilogue
  ) -> Tensor {
    let outputs = kernel.weights.shape[transposed ? 1 : 0]
    var shape = self.shape(
      geometry, batch: input.batch, size: size, channels: input.channels, outputs: outputs,
      transposed: transposed)
    let layout = ConvolutionKernel.Layout.winograd(stride: geometry.stride.height, transposed: transposed)
    let weights = kernel.layout(layout) { weights in
      let packed = Storage(count: Int(edviz_winograd_weights_size(&shape)))
      edviz_winograd_pack(packed.pointer, weights.storage.pointer, &shape)
      return packed
    }
    let scratch = Storage(count: Int(edviz_winograd_scratch(&shape)))
    let outputSize = transposed ? size : geometry.outputSize(of: size)
    let output = Tensor(uninitialized: [input.batch, outputSize.height, outputSize.width, outputs])
    withExtendedLifetime((weights, scratch, epilogue)) {
      edviz_winograd_convolve(
        output.storage.pointer, input.storage.pointer, weights.pointer, epilogue.bias?.storage.pointer,
        epilogue.addend?.storage.pointer, epilogue.relu ? 1 : 0, &shape, scratch.pointer)
    }
    return output
  }

  /// As `Tensor.convolutionWeightGradient` with this geometry.
  static func weightGradient(
    _ input: Tensor, _ outputGradient: Tensor, _ geometry: ConvolutionGeometry,
    into target: UnsafeMutableBufferPointer<Float>, accumulating: Bool
  ) {
    var shape = self.shape(
      geometry, batch: input.batch, size: Size2D(height: input.height, width: input.width),
      channels: input.channels, outputs: outputGradient.channels, transposed: false)
    let scratch = Storage(count: Int(edviz_winograd_gradient_scratch(&shape)))
    withExtendedLifetime(scratch) {
      edviz_winograd_weights(
        target.baseAddress, input.storage.pointer, outputGradient.storage.pointer, accumulating ? 1 : 0,
        &shape, scratch.pointer)
    }
  }

  private static func shape(
    _ geometry: ConvolutionGeometry, batch: Int, size: Size2D, channels: Int, outputs: Int, transposed: Bool
  ) -> edviz_winograd {
    edviz_winograd(
      batch: Int64(batch), height: Int64(size.height), width: Int64(size.width),
      in_channels: Int64(channels), out_channels: Int64(outputs), stride: Int32(geometry.stride.height),
      transposed: transposed ? 1 : 0)
  }
}
