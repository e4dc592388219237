import Tensors

/// A binomial 3×3 window at every `stride`-th position, mirrored at the edges: low-pass before subsampling ("Making
/// convolutional networks shift-invariant again"; timm's `BlurPool2d`).
package struct Blur: ElementaryOperation {
  /// Step in both directions.
  package let stride: Int

  /// A blur.
  package init(stride: Int) { self.stride = stride }

  package var window: ReceptiveWindow { .window(ConvolutionGeometry(kernel: 3, stride: stride, padding: 1)) }

  package func isRectified(_ inputs: [Bool]) -> Bool { inputs[0] }

  package func shape(of inputs: [[Int]]) -> [Int] {
    let x = inputs[0]
    return [x[0], (x[1] + stride - 1) / stride, (x[2] + stride - 1) / stride, x[3]]
  }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].blurred(stride: stride) }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [stride, shape = inputs[0].shape] in [$0.blurredGradient(input: shape, stride: stride)] }
    )
  }
}
