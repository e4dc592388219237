import CKernels

extension Tensor {
  /// Largest value under each window; padding never wins. As torch.nn.MaxPool2d without dilation.
  public func maxPooled(_ geometry: ConvolutionGeometry) -> Tensor {
    pooled(geometry) { output, window in edviz_max_pool(output, storage.pointer, window) }
  }

  /// Mean under each window. As torch.nn.AvgPool2d; with `countPadding` zeros outside the map count.
  public func averagePooled(_ geometry: ConvolutionGeometry, countPadding: Bool = true) -> Tensor {
    pooled(geometry) { output, window in
      edviz_average_pool(output, storage.pointer, window, countPadding ? 1 : 0)
    }
  }

  /// Mean over all positions: [N, H, W, C] to [N, C].
  public func globalAveragePooled() -> Tensor {
    let output = Tensor(uninitialized: [batch, channels])
    edviz_global_average(
      output.storage.pointer, storage.pointer, Int64(batch), Int64(height * width), Int64(channels))
    return output
  }

  private func pooled(
    _ geometry: ConvolutionGeometry,
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<edviz_window>) -> Void
  ) -> Tensor {
    let size = geometry.outputSize(of: Size2D(height: height, width: width))
    precondition(size.height > 0 && size.width > 0, "the window does not fit \(shape)")
    precondition(
      geometry.dilation == Size2D(1) && geometry.groups == 1, "pooling knows no dilation or groups")
    precondition(
      geometry.padding.height * 2 <= geometry.kernel.height
        && geometry.padding.width * 2 <= geometry.kernel.width,
      "padding is at most half of the window")
    let output = Tensor(uninitialized: [batch, size.height, size.width, channels])
    var window = edviz_window(
      batch: Int64(batch), height: Int64(height), width: Int64(width), channels: Int64(channels),
      out_height: Int64(size.height), out_width: Int64(size.width),
      kernel_height: Int64(geometry.kernel.height), kernel_width: Int64(geometry.kernel.width),
      stride_height: Int64(geometry.stride.height), stride_width: Int64(geometry.stride.width),
      pad_top: Int64(geometry.padding.height), pad_left: Int64(geometry.padding.width))
    body(output.storage.pointer, &window)
    return output
  }
}
