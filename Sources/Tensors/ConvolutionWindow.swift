import CKernels

extension edviz_window {
  /// How a convolution's window goes from the map of the `large` size to that of the `small` one, both of `channels` that
  /// the convolution reads.
  init(_ g: ConvolutionGeometry, batch: Int, channels: Int, large: Size2D, small: Size2D) {
    self.init(
      batch: Int64(batch), height: Int64(large.height), width: Int64(large.width), channels: Int64(channels),
      out_height: Int64(small.height), out_width: Int64(small.width), kernel_height: Int64(g.kernel.height),
      kernel_width: Int64(g.kernel.width), stride_height: Int64(g.stride.height),
      stride_width: Int64(g.stride.width), pad_top: Int64(g.padding.height), pad_left: Int64(g.padding.width))
  }
}
