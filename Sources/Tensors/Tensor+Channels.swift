import CKernels

extension Tensor {
  /// Sum over the last dimension, the depth sum of an activation: [N, H, W, C] to [N, H, W].
  public func channelSum() -> Tensor {
    let output = Tensor(uninitialized: Array(shape.dropLast()))
    edviz_channel_sum(output.storage.pointer, storage.pointer, Int64(output.count), Int64(channels))
    return output
  }

  /// The gradient of `channelSum`'s input, which had `channels`; self is the gradient of its output.
  public func channelSumGradient(channels: Int) -> Tensor {
    let output = Tensor(uninitialized: shape + [channels])
    edviz_channel_sum_gradient(output.storage.pointer, storage.pointer, Int64(count), Int64(channels))
    return output
  }

  /// Tensors of one [N, H, W] side by side along the channels. The gradient of each part is `channels(_:)` of the
  /// gradient of the whole.
  public static func concatenated(_ parts: [Tensor]) -> Tensor {
    precondition(!parts.isEmpty, "nothing to concatenate")
    let positions = parts[0].shape.dropLast()
    let channels = parts.map(\.channels).reduce(0, +)
    let output = Tensor(uninitialized: positions + [channels])
    var offset = 0
    for part in parts {
      precondition(part.shape.dropLast() == positions, "\(part.shape) does not fit beside \(parts[0].shape)")
      edviz_copy_channels(
        output.storage.pointer + offset, Int64(channels), part.storage.pointer, Int64(part.channels),
        Int64(part.channels), Int64(positions.reduce(1, *)))
      offset += part.channels
    }
    return output
  }

  /// The channels in `range`.
  public func channels(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= channels, "no channels \(range) in \(shape)")
    let output = Tensor(uninitialized: shape.dropLast() + [range.count])
    edviz_copy_channels(
      output.storage.pointer, Int64(range.count), storage.pointer + range.lowerBound, Int64(channels),
      Int64(range.count), Int64(count / channels))
    return output
  }

  /// The gradient of `channels(range)`'s input, which had `channels`; self is the gradient of its output.
  public func channelsGradient(_ range: Range<Int>, of channels: Int) -> Tensor {
    precondition(range.count == self.channels && range.upperBound <= channels)
    let output = Tensor(shape: shape.dropLast() + [channels])
    edviz_copy_channels(
      output.storage.pointer + range.lowerBound, Int64(channels), storage.pointer, Int64(range.count),
      Int64(range.count), Int64(count / max(1, range.count)))
    return output
  }

  /// Every `stride`-th pixel, and channels of zeros, half of them (rounded down) before and the rest behind those
  /// there are: the parameter-free shortcut of the original residual network (option A), with the channels in the
  /// middle as the public CIFAR-10 weights have them.
  public func subsampled(stride: Int, channels outChannels: Int) -> Tensor {
    precondition(stride > 0 && outChannels >= channels, "\(shape) cannot become \(outChannels) channels")
    let output = Tensor(
      uninitialized: [batch, (height + stride - 1) / stride, (width + stride - 1) / stride, outChannels])
    edviz_subsample(
      output.storage.pointer, storage.pointer, Int64(batch), Int64(height), Int64(width), Int64(channels),
      Int64(stride), Int64(outChannels))
    return output
  }

  /// The gradient of `subsampled`'s input, which had the shape `input`; self is the gradient of its output.
  public func subsampledGradient(input: [Int], stride: Int) -> Tensor {
    precondition(
      shape == [input[0], (input[1] + stride - 1) / stride, (input[2] + stride - 1) / stride, channels])
    let output = Tensor(uninitialized: input)
    edviz_subsample_gradient(
      output.storage.pointer, storage.pointer, Int64(input[0]), Int64(input[1]), Int64(input[2]),
      Int64(input[3]), Int64(stride), Int64(channels))
    return output
  }
}
