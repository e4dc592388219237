import CKernels

extension Tensor {
  /// max(x, 0); NaN stays NaN.
  public func relu() -> Tensor { Tensor.sum([Summand(reshaped([count]))], relu: true).reshaped(shape) }

  /// True if no element is NaN or infinite.
  public var isFinite: Bool { edviz_is_finite(storage.pointer, Int64(count)) != 0 }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor {
    let output = Tensor(uninitialized: shape)
    edviz_sigmoid(output.storage.pointer, storage.pointer, Int64(count))
    return output
  }

  /// e^x over its sum along the last dimension; the largest element is taken off first, so that nothing
  /// overflows.
  public func softmax() -> Tensor {
    let output = Tensor(uninitialized: shape)
    edviz_softmax(output.storage.pointer, storage.pointer, Int64(count / channels), Int64(channels))
    return output
  }

  /// Each channel of each image times its gate. Self is [N, H, W, C], `gate` [N, C].
  public func scaled(byChannels gate: Tensor) -> Tensor {
    precondition(gate.shape == [batch, channels], "a gate of \(gate.shape) does not fit \(shape)")
    let output = Tensor(uninitialized: shape)
    edviz_scale_channels(
      output.storage.pointer, storage.pointer, gate.storage.pointer, Int64(batch), Int64(height * width),
      Int64(channels))
    return output
  }
}
