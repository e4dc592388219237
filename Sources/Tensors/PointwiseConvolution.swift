import CKernels

/// Our own 1×1 convolution of stride 1 for maps that no cache keeps: it reads them ahead, where libraries wait for the
/// memory. Small maps are left to them, and weights that do not fit a core's own cache.
enum PointwiseConvolution {
  /// Whether the kernel computes this for `positions` pixels in all, or its data gradient, and a library waits for memory.
  static func handles(_ geometry: ConvolutionGeometry, positions: Int, channels: Int, outputs: Int) -> Bool {
    // Both kernels need the registers of AVX-512.
    WinogradConvolution.isThere && geometry == ConvolutionGeometry(kernel: 1)
      && outputs % 16 == 0 && channels * outputs <= 1 << 18
      && positions * max(channels, outputs) >= 1 << 20
  }

  /// As `Tensor.convolved` with this geometry; with `transposed` as `Tensor.transposeConvolved`.
  static func convolve(
    _ input: Tensor, _ kernel: ConvolutionKernel, transposed: Bool, epilogue: ConvolutionEpilogue
  ) -> Tensor {
    let inputs = input.channels
    let outputs = kernel.weights.shape[transposed ? 1 : 0]
    let packed = panels(of: kernel, transposed: transposed)
    let output = Tensor(uninitialized: [input.batch, input.height, input.width, outputs])
    withExtendedLifetime((packed, epilogue)) {
      edviz_pointwise(
        output.storage.pointer, input.storage.pointer, packed.pointer, epilogue.bias?.storage.pointer,
        epilogue.addend?.storage.pointer, epilogue.relu ? 1 : 0,
        Int64(input.batch * input.height * input.width), Int64(inputs), Int64(outputs))
    }
    return output
  }

  /// The weights as the kernel reads them.
  static func panels(of kernel: ConvolutionKernel, transposed: Bool) -> Storage {
    let shape = kernel.weights.shape
    let (outputs, inputs) = transposed ? (shape[1], shape[0]) : (shape[0], shape[1])
    return kernel.layout(.panels(transposed: transposed)) { weights in
      let packed = Storage(count: weights.count)
      weights.withUnsafeElements { source in
        for output in 0..<outputs {
          let panel = output / 64 * 64
          let width = min(outputs - panel, 64)
          for input in 0..<inputs {
            packed.pointer[panel * inputs + input * width + output - panel] =
              source[transposed ? input * outputs + output : output * inputs + input]
          }
        }
      }
      return packed
    }
  }
}
