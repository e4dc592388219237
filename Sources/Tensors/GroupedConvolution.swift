import CKernels

/// Our own kernel for convolutions in narrow groups, 8 channels to 2 or 16 to 4: the encoders of the first two stages
/// of an ED-ResNet with 32 groups, which libraries compute at a small part of the processor's speed.
enum GroupedConvolution {
  /// Whether the kernel computes this.
  static func handles(
    _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, channels: Int,
    _ epilogue: ConvolutionEpilogue
  ) -> Bool {
    let inGroup = channels / geometry.groups
    let outGroup = kernel.weights.shape[0] / geometry.groups
    return (inGroup == 8 && outGroup == 2 || inGroup == 16 && outGroup == 4) && channels % 16 == 0
      && channels <= Int(EDVIZ_GROUPED_MOST_CHANNELS)
      && geometry.kernel.height * geometry.kernel.width <= Int(EDVIZ_GROUPED_MOST_TAPS)
      && geometry.dilation == Size2D(1) && epilogue.addend == nil
  }

  /// As `Tensor.convolved`, for what `handles` says yes to.
  static func convolve(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry,
    epilogue: ConvolutionEpilogue
  ) -> Tensor {
    let outputs = kernel.weights.shape[0]
    let lanesPerGroup = input.channels / geometry.groups
    let size = geometry.outputSize(of: Size2D(height: input.height, width: input.width))
    let packed = kernel.layout(.vectors(groups: geometry.groups)) {
      pack($0, lanesPerGroup: lanesPerGroup)
    }
    let bias = epilogue.bias ?? Tensor(shape: [outputs])
    let output = Tensor(uninitialized: [input.batch, size.height, size.width, outputs])
    var window = edviz_window(
      batch: Int64(input.batch), height: Int64(input.height), width: Int64(input.width),
      channels: Int64(input.channels), out_height: Int64(size.height), out_width: Int64(size.width),
      kernel_height: Int64(geometry.kernel.height), kernel_width: Int64(geometry.kernel.width),
      stride_height: Int64(geometry.stride.height), stride_width: Int64(geometry.stride.width),
      pad_top: Int64(geometry.padding.height), pad_left: Int64(geometry.padding.width))
    withExtendedLifetime((packed, bias)) {
      edviz_grouped_convolution(
        output.storage.pointer, input.storage.pointer, packed.pointer, bias.storage.pointer, &window,
        Int32(lanesPerGroup / 4), epilogue.relu ? 1 : 0)
    }
    return output
  }

  /// [out, lanesPerGroup, kH, kW] to [vector of 16 channels][tap][output of the group][lane].
  private static func pack(_ weights: Tensor, lanesPerGroup: Int) -> Storage {
    let outputs = lanesPerGroup / 4
    let taps = weights.shape[2] * weights.shape[3]
    let groupsPerVector = 16 / lanesPerGroup
    let packed = Storage(count: weights.count)
    weights.withUnsafeElements { source in
      for vector in 0..<weights.count / (taps * outputs * 16) {
        for tap in 0..<taps {
          for output in 0..<outputs {
            for lane in 0..<16 {
              let group = vector * groupsPerVector + lane / lanesPerGroup
              let from = ((group * outputs + output) * lanesPerGroup + lane % lanesPerGroup) * taps + tap
              packed.pointer[((vector * taps + tap) * outputs + output) * 16 + lane] = source[from]
            }
          }
        }
      }
    }
    return packed
  }
}
