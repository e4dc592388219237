import Tensors

/// One value for each channel, [N, C], as a map of one row, [N, 1, C, 1], or back: what a convolution along the channels
/// reads and writes.
package struct ChannelLine: ElementaryOperation {
  /// Whether it makes [N, C] again.
  package let isBack: Bool

  /// The way there, or back.
  package init(back isBack: Bool = false) { self.isBack = isBack }

  package func shape(of inputs: [[Int]]) -> [Int] {
    isBack ? [inputs[0][0], inputs[0][2]] : [inputs[0][0], 1, inputs[0][1], 1]
  }

  package func value(of inputs: [Tensor]) -> Tensor {
    inputs[0].reshaped(shape(of: [inputs[0].shape]))
  }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (value(of: inputs), { [shape = inputs[0].shape] in [$0.reshaped(shape)] })
  }
}
