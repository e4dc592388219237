import CKernels

extension Tensor {
  /// Each channel of each image times its gate. Self is [N, H, W, C], `gate` [N, C].
  public func scaled(byChannels gate: Tensor) -> Tensor {
    precondition(gate.shape == [batch, channels], "a gate of \(gate.shape) does not fit \(shape)")
    let output = Tensor(uninitialized: shape)
    edviz_scale_channels(
      output.storage.pointer, storage.pointer, gate.storage.pointer, Int64(batch), Int64(height * width),
      Int64(channels))
    return output
  }

  /// The gradients of `scaled(byChannels:)`'s input, self, and of its gate.
  public func scaledGradients(
    _ gradient: Tensor, byChannels gate: Tensor
  ) -> (input: Tensor, gate: Tensor) {
    precondition(gradient.shape == shape && gate.shape == [batch, channels])
    let gateGradient = Tensor(uninitialized: gate.shape)
    edviz_channel_products(
      gateGradient.storage.pointer, storage.pointer, gradient.storage.pointer, Int64(batch),
      Int64(height * width), Int64(channels))
    return (gradient.scaled(byChannels: gate), gateGradient)
  }

  /// Each position of each image times its gate. Self is [N, H, W, C], `gate` [N, H, W, 1].
  public func scaled(byPositions gate: Tensor) -> Tensor {
    precondition(gate.shape == shape.dropLast() + [1], "a gate of \(gate.shape) does not fit \(shape)")
    let output = Tensor(uninitialized: shape)
    edviz_scale_rows(
      output.storage.pointer, storage.pointer, gate.storage.pointer, Int64(gate.count), Int64(channels))
    return output
  }

  /// The gradients of `scaled(byPositions:)`'s input, self, and of its gate.
  public func scaledGradients(
    _ gradient: Tensor, byPositions gate: Tensor
  ) -> (input: Tensor, gate: Tensor) {
    precondition(gradient.shape == shape)
    let gateGradient = Tensor(uninitialized: gate.shape)
    edviz_row_products(
      gateGradient.storage.pointer, storage.pointer, gradient.storage.pointer, Int64(gate.count),
      Int64(channels))
    return (gradient.scaled(byPositions: gate), gateGradient)
  }

  /// Largest value over all positions: [N, H, W, C] to [N, C].
  public func globalMaxPooled() -> Tensor {
    let output = Tensor(uninitialized: [batch, channels])
    edviz_global_max(
      output.storage.pointer, storage.pointer, Int64(batch), Int64(height * width), Int64(channels))
    return output
  }

  /// The gradient of `globalMaxPooled`'s input, self; `peaks` is what it returned. The first of equal values takes all,
  /// as in PyTorch's max-pooling.
  public func globalMaxPooledGradient(_ gradient: Tensor, peaks: Tensor) -> Tensor {
    precondition(gradient.shape == [batch, channels] && peaks.shape == gradient.shape)
    let output = Tensor(uninitialized: shape)
    edviz_global_max_gradient(
      output.storage.pointer, storage.pointer, peaks.storage.pointer, gradient.storage.pointer, Int64(batch),
      Int64(height * width), Int64(channels))
    return output
  }

  /// Largest value and mean over the channels of each position: [N, H, W, C] to [N, H, W, 2].
  public func channelMaxAndMean() -> Tensor {
    let output = Tensor(uninitialized: shape.dropLast() + [2])
    edviz_channel_max_mean(
      output.storage.pointer, storage.pointer, Int64(output.count / 2), Int64(channels))
    return output
  }

  /// The gradient of `channelMaxAndMean`'s input, self; `peaks` is what it returned. The first of equal values takes
  /// that of the largest.
  public func channelMaxAndMeanGradient(_ gradient: Tensor, peaks: Tensor) -> Tensor {
    precondition(gradient.shape == shape.dropLast() + [2] && peaks.shape == gradient.shape)
    let output = Tensor(uninitialized: shape)
    edviz_channel_max_mean_gradient(
      output.storage.pointer, storage.pointer, peaks.storage.pointer, gradient.storage.pointer,
      Int64(peaks.count / 2), Int64(channels))
    return output
  }
}
