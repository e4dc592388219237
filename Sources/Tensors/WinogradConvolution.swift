import CKernels

/// Our own 3×3 convolution by Winograd's algorithm F(4×4, 3×3), with a quarter of the multiplications (Lavin and Gray,
/// "Fast algorithms for convolutional neural networks", 2016): faster than what libraries reach with all of them.
///
/// Results differ from those of the definition by some more roundings, a few 1e-6 of the largest value. That is why small
/// work, where little time is to be won, is left to the definition.
enum WinogradConvolution {
  /// Whether this is what the kernel computes, and enough work to be worth the transformed weights.
  static func handles(_ geometry: ConvolutionGeometry, input: Tensor, outputs: Int) -> Bool {
    let window = ConvolutionGeometry(kernel: 3, padding: 1)
    let tiles = input.batch * ((input.height + 3) / 4) * ((input.width + 3) / 4)
    let products = input.channels * outputs
    // Reading four times the weights, once for all tiles, takes as long as some tiles more.
    let costs = 36 * (tiles + 30)
    return isThere && geometry == window && input.channels % 16 == 0 && outputs % 16 == 0
      && max(input.channels, outputs) <= Int(EDVIZ_WINOGRAD_MOST_CHANNELS) && tiles * products >= 1 << 19
      && costs < 9 * input.batch * input.height * input.width
  }

  /// Whether this processor can.
  static let isThere = edviz_has_winograd() != 0

  /// As `Tensor.convolved` with this geometry; with `transposed` as `Tensor.transposeConvolved`.
  static func convolve(
    _ input: Tensor, _ kernel: ConvolutionKernel, transposed: Bool, epilogue: ConvolutionEpilogue
  ) -> Tensor {
    let outputs = kernel.weights.shape[transposed ? 1 : 0]
    var shape = self.shape(input, outputs: outputs)
    let points = kernel.layout(.winograd(transposed: transposed)) { weights in
      let points = Storage(count: Int(EDVIZ_WINOGRAD_POINTS) * input.channels * outputs)
      edviz_winograd_pack(
        points.pointer, weights.storage.pointer, Int64(input.channels), Int64(outputs), transposed ? 1 : 0)
      return points
    }
    let scratch = Storage(count: Int(edviz_winograd_scratch(&shape)))
    let output = Tensor(uninitialized: [input.batch, input.height, input.width, outputs])
    withExtendedLifetime((points, scratch, epilogue)) {
      edviz_winograd_convolve(
        output.storage.pointer, input.storage.pointer, points.pointer, epilogue.bias?.storage.pointer,
        epilogue.addend?.storage.pointer, epilogue.relu ? 1 : 0, &shape, scratch.pointer)
    }
    return output
  }

  /// As `Tensor.convolutionWeightGradient` with this geometry.
  static func weightGradient(
    _ input: Tensor, _ outputGradient: Tensor, into target: UnsafeMutableBufferPointer<Float>,
    accumulating: Bool
  ) {
    var shape = self.shape(input, outputs: outputGradient.channels)
    let scratch = Storage(count: Int(edviz_winograd_weights_scratch(&shape)))
    withExtendedLifetime(scratch) {
      edviz_winograd_weights(
        target.baseAddress, input.storage.pointer, outputGradient.storage.pointer, accumulating ? 1 : 0,
        &shape, scratch.pointer)
    }
  }

  private static func shape(_ input: Tensor, outputs: Int) -> edviz_winograd {
    edviz_winograd(
      batch: Int64(input.batch), height: Int64(input.height), width: Int64(input.width),
      in_channels: Int64(input.channels), out_channels: Int64(outputs))
  }
}
