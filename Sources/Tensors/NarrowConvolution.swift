import CKernels

/// Our own kernels for convolutions in groups of 2, 4 or 8 channels to as many: the ED path of networks of basic
/// blocks, forward and both gradients, which libraries compute at a small part of the processor's speed. (Groups of one they do well.)
enum NarrowConvolution {
  /// Whether the kernels compute this, or what is its gradient.
  static func handles(_ geometry: ConvolutionGeometry, channels: Int, outputs: Int) -> Bool {
    channels == outputs && channels % 16 == 0 && channels <= Int(EDVIZ_GROUPED_MOST_CHANNELS)
      && [2, 4, 8].contains(channels / geometry.groups)
      && geometry.kernel.height * geometry.kernel.width <= Int(EDVIZ_GROUPED_MOST_TAPS)
      && geometry.dilation == Size2D(1)
  }

  /// As `Tensor.convolved` without an addend.
  static func convolve(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry,
    epilogue: ConvolutionEpilogue
  ) -> Tensor {
    let size = geometry.outputSize(of: Size2D(height: input.height, width: input.width))
    let output = Tensor(uninitialized: [input.batch, size.height, size.width, input.channels])
    var window = edviz_window(
      geometry, batch: input.batch, channels: input.channels,
      large: Size2D(height: input.height, width: input.width), small: size)
    run(&window, from: input, to: output, kernel, geometry, transposed: false, epilogue)
    return output
  }

  /// As `Tensor.transposeConvolved`.
  static func transposeConvolve(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, outputSize: Size2D
  ) -> Tensor {
    let output = Tensor(uninitialized: [input.batch, outputSize.height, outputSize.width, input.channels])
    var window = edviz_window(
      geometry, batch: input.batch, channels: input.channels, large: outputSize,
      small: Size2D(height: input.height, width: input.width))
    run(&window, from: input, to: output, kernel, geometry, transposed: true, ConvolutionEpilogue())
    return output
  }

  /// As `Tensor.convolutionWeightGradient`.
  static func weightGradient(
    _ input: Tensor, _ gradient: Tensor, _ geometry: ConvolutionGeometry,
    into target: UnsafeMutableBufferPointer<Float>, accumulating: Bool
  ) {
    var window = edviz_window(
      geometry, batch: input.batch, channels: input.channels,
      large: Size2D(height: input.height, width: input.width),
      small: Size2D(height: gradient.height, width: gradient.width))
    let group = input.channels / geometry.groups
    let taps = geometry.kernel.height * geometry.kernel.width
    let parts = Int(edviz_batch_parts(&window))
    let size = input.channels * taps * group
    let sums = Storage(count: parts * size)
    withExtendedLifetime(sums) {
      edviz_narrow_weights(
        sums.pointer, input.storage.pointer, gradient.storage.pointer, &window, Int32(group), Int64(parts))
      visit(channels: input.channels, taps: taps, group: group) { output, difference, tap, place in
        let position = (output * group + (output ^ difference) % group) * taps + tap
        var total: Float = accumulating ? target[position] : 0
        for part in 0..<parts { total += sums.pointer[part * size + place] }
        target[position] = total
      }
    }
  }

  private static func run(
    _ window: inout edviz_window, from input: Tensor, to output: Tensor, _ kernel: ConvolutionKernel,
    _ geometry: ConvolutionGeometry, transposed: Bool, _ epilogue: ConvolutionEpilogue
  ) {
    let group = input.channels / geometry.groups
    let taps = geometry.kernel.height * geometry.kernel.width
    let packed = kernel.layout(.lanes(groups: geometry.groups, transposed: transposed)) { weights in
      let packed = Storage(count: weights.count)
      weights.withUnsafeElements { source in
        visit(channels: input.channels, taps: taps, group: group) { output, difference, tap, place in
          // [out, in/groups, taps], or [in, out/groups, taps] for the other direction.
          let (row, column) =
            transposed
            ? (output ^ difference, output % group) : (output, (output ^ difference) % group)
          packed.pointer[place] = source[(row * group + column) * taps + tap]
        }
      }
      return packed
    }
    withExtendedLifetime((packed, epilogue)) {
      edviz_narrow_convolution(
        output.storage.pointer, input.storage.pointer, packed.pointer, epilogue.bias?.storage.pointer,
        &window, Int32(group), transposed ? 1 : 0, epilogue.relu ? 1 : 0)
    }
  }

  /// Calls `body` for each weight: its output channel, the bits in which its input channel differs, its tap, and its
  /// place in [channels / 16][tap][difference][16].
  private static func visit(
    channels: Int, taps: Int, group: Int,
    _ body: (_ output: Int, _ difference: Int, _ tap: Int, _ place: Int) -> Void
  ) {
    for output in 0..<channels {
      for tap in 0..<taps {
        for difference in 0..<group {
          body(
            output, difference, tap,
            ((output / 16 * taps + tap) * group + difference) * 16 + output % 16)
        }
      }
    }
  }
}
