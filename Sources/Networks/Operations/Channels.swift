import Tensors

/// Some neighbouring channels of a map.
package struct ChannelSlice: ElementaryOperation {
  /// Which.
  package let range: Range<Int>

  /// The channels in `range`.
  package init(_ range: Range<Int>) { self.range = range }

  package func shape(of inputs: [[Int]]) -> [Int] { inputs[0].dropLast() + [range.count] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].channels(range) }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [range, channels = inputs[0].channels] in
        [$0.channelsGradient(range, of: channels)]
      }
    )
  }
}

/// Maps of one size side by side along the channels.
package struct Concatenate: ElementaryOperation {
  /// The operator has no settings.
  package init() {}

  package func shape(of inputs: [[Int]]) -> [Int] {
    inputs[0].dropLast() + [inputs.map { $0[$0.count - 1] }.reduce(0, +)]
  }

  package func value(of inputs: [Tensor]) -> Tensor { Tensor.concatenated(inputs) }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
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
package struct Subsample: ElementaryOperation {
  /// Step in both directions.
  package let stride: Int
  /// Channels of the result.
  package let channels: Int

  /// A subsampling.
  package init(stride: Int, channels: Int) {
    self.stride = stride
    self.channels = channels
  }

  package var window: ReceptiveWindow { .window(ConvolutionGeometry(kernel: 1, stride: stride)) }

  package func isRectified(_ inputs: [Bool]) -> Bool { inputs[0] }

  package func shape(of inputs: [[Int]]) -> [Int] {
    let x = inputs[0]
    return [x[0], (x[1] + stride - 1) / stride, (x[2] + stride - 1) / stride, channels]
  }

  package func value(of inputs: [Tensor]) -> Tensor {
    inputs[0].subsampled(stride: stride, channels: channels)
  }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [stride, shape = inputs[0].shape] in
        [$0.subsampledGradient(input: shape, stride: stride)]
      }
    )
  }
}
