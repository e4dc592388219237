import Tensors

/// Largest value under a window, as torch.nn.MaxPool2d.
package struct MaxPool: ElementaryOperation {
  /// The window; at most 256 taps.
  package let geometry: ConvolutionGeometry

  /// A pooling.
  package init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  package var window: ReceptiveWindow { .window(geometry) }

  package func shape(of inputs: [[Int]]) -> [Int] {
    geometry.outputShape(of: inputs[0], channels: inputs[0][3])
  }

  package func isRectified(_ inputs: [Bool]) -> Bool { inputs[0] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].maxPooled(geometry) }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    let (output, places) = inputs[0].maxPooledWithPlaces(geometry)
    return (
      output,
      { [geometry, shape = inputs[0].shape] in
        [$0.maxPooledGradient(input: shape, geometry, places: places)]
      }
    )
  }
}

/// Mean under a window, as torch.nn.AvgPool2d.
package struct AveragePool: ElementaryOperation {
  /// The window.
  package let geometry: ConvolutionGeometry
  /// Whether padding counts as zeros.
  package let countsPadding: Bool

  /// A pooling.
  package init(_ geometry: ConvolutionGeometry, countsPadding: Bool = true) {
    self.geometry = geometry
    self.countsPadding = countsPadding
  }

  package var window: ReceptiveWindow { .window(geometry) }

  package func shape(of inputs: [[Int]]) -> [Int] {
    geometry.outputShape(of: inputs[0], channels: inputs[0][3])
  }

  package func value(of inputs: [Tensor]) -> Tensor {
    inputs[0].averagePooled(geometry, countPadding: countsPadding)
  }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (
      value(of: inputs),
      { [geometry, countsPadding, shape = inputs[0].shape] in
        [$0.averagePooledGradient(input: shape, geometry, countPadding: countsPadding)]
      }
    )
  }
}

/// Mean over all positions: [N, H, W, C] to [N, C].
package struct GlobalAveragePool: ElementaryOperation {
  /// The operator has no settings.
  package init() {}

  package var window: ReceptiveWindow { .whole }

  package func shape(of inputs: [[Int]]) -> [Int] { [inputs[0][0], inputs[0][3]] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].globalAveragePooled() }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    let size = Size2D(height: inputs[0].height, width: inputs[0].width)
    return (value(of: inputs), { [$0.globalAveragePooledGradient(input: size)] })
  }
}

/// Largest value over all positions: [N, H, W, C] to [N, C].
package struct GlobalMaxPool: ElementaryOperation {
  /// The operator has no settings.
  package init() {}

  package var window: ReceptiveWindow { .whole }

  package func shape(of inputs: [[Int]]) -> [Int] { [inputs[0][0], inputs[0][3]] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].globalMaxPooled() }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    let (x, peaks) = (inputs[0], value(of: inputs))
    return (peaks, { [x.globalMaxPooledGradient($0, peaks: peaks)] })
  }
}

/// Largest value and mean over the channels: [N, H, W, C] to [N, H, W, 2], what CBAM's spatial gate reads.
package struct ChannelMaxAndMean: ElementaryOperation {
  /// The operator has no settings.
  package init() {}

  package func shape(of inputs: [[Int]]) -> [Int] { inputs[0].dropLast() + [2] }

  package func value(of inputs: [Tensor]) -> Tensor { inputs[0].channelMaxAndMean() }

  package func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    let (x, pooled) = (inputs[0], value(of: inputs))
    return (pooled, { [x.channelMaxAndMeanGradient($0, peaks: pooled)] })
  }
}
