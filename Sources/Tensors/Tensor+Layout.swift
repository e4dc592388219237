import CKernels

extension Tensor {
  /// [N, C, H, W], PyTorch's order, to [N, H, W, C]. The gradient is `channelsFirst`, and the other way round.
  public func channelsLast() -> Tensor {
    let output = Tensor(uninitialized: [shape[0], shape[2], shape[3], shape[1]])
    edviz_transpose(
      output.storage.pointer, storage.pointer, Int64(shape[0]), Int64(shape[1]), Int64(shape[2] * shape[3]))
    return output
  }

  /// [N, H, W, C] to [N, C, H, W], PyTorch's order.
  public func channelsFirst() -> Tensor {
    let output = Tensor(uninitialized: [batch, channels, height, width])
    edviz_transpose(
      output.storage.pointer, storage.pointer, Int64(batch), Int64(height * width), Int64(channels))
    return output
  }

  /// [N, H, W, C] at another size: half-pixel centres, clamped edges. As PyTorch's bilinear interpolation with
  /// `align_corners=False` and OpenCV's `INTER_LINEAR` on floats.
  public func resizedBilinear(to size: Size2D) -> Tensor {
    precondition(size.height > 0 && size.width > 0 && height > 0 && width > 0)
    let output = Tensor(uninitialized: [batch, size.height, size.width, channels])
    edviz_resize_bilinear(
      output.storage.pointer, storage.pointer, Int64(batch), Int64(height), Int64(width), Int64(channels),
      Int64(size.height), Int64(size.width))
    return output
  }

  /// The gradient of `resizedBilinear`'s input, which was of `size`; self is the gradient of its output.
  public func resizedBilinearGradient(input size: Size2D) -> Tensor {
    let output = Tensor(uninitialized: [batch, size.height, size.width, channels])
    edviz_resize_bilinear_gradient(
      output.storage.pointer, storage.pointer, Int64(batch), Int64(size.height), Int64(size.width),
      Int64(channels), Int64(height), Int64(width))
    return output
  }
}
