import Tensors

/// Some neighbouring channels of a map.
public struct ChannelSlice: Operator {
  /// Which.
  public let range: Range<Int>

  /// The channels in `range`.
  public init(_ range: Range<Int>) { self.range = range }

  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0].dropLast() + [range.count] }

  public func value(of inputs: [Tensor]) -> Tensor { inputs[0].channels(range) }

  public func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [range, channels = inputs[0].channels] in
        [$0.channelsGradient(range, of: channels)]
      }
    )
  }
}

/// Maps of one size side by side along the channels.
public struct Concatenate: Operator {
  /// The operator has no settings.
  public init() {}

  public func shape(of inputs: [[Int]]) -> [Int] {
    inputs[0].dropLast() + [inputs.map { $0[$0.count - 1] }.reduce(0, +)]
  }

  public func value(of inputs: [Tensor]) -> Tensor { Tensor.concatenated(inputs) }

  public func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [counts = inputs.map(\.channels)] gradient in
        var start = 0
        return counts.map { count in
          defer { start += count }
          return gradient.channels(start..<start + count)
        }
      }
    )
  }
}

/// Every `stride`-th pixel, zeros in new channels around the old: the shortcut without parameters, option A of "Deep
/// residual learning for image recognition".
public struct Subsample: Operator {
  /// Step in both directions.
  public let stride: Int
  /// Channels of the result.
  public let channels: Int

  /// A subsampling.
  public init(stride: Int, channels: Int) {
    self.stride = stride
    self.channels = channels
  }

  public func shape(of inputs: [[Int]]) -> [Int] {
    let x = inputs[0]
    return [x[0], (x[1] + stride - 1) / stride, (x[2] + stride - 1) / stride, channels]
  }

  public func value(of inputs: [Tensor]) -> Tensor {
    inputs[0].subsampled(stride: stride, channels: channels)
  }

  public func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [stride, shape = inputs[0].shape] in
        [$0.subsampledGradient(input: shape, stride: stride)]
      }
    )
  }
}
