import COneDNN
import Synchronization

/// Convolutions by oneDNN: activations NHWC, weights in whatever order it likes best. What it is slow at,
/// `GroupedConvolution`, `NarrowConvolution`, `PointwiseConvolution` and `WinogradConvolution` do.
public final class OneDNNBackend: ConvolutionBackend {
  static let shared = OneDNNBackend()

  /// "onednn".
  public let name = "onednn"
  /// Its threads share outputs, never the terms of a sum.
  public let ignoresThreads = true

  private let primitives = Mutex(OneDNNPrimitiveCache(capacity: 1024))

  /// As `ConvolutionBackend` says, with the epilogue as post-operations.
  public func convolution(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry,
    epilogue: ConvolutionEpilogue
  ) throws(EngineError) -> Tensor {
    let outChannels = kernel.weights.shape[0]
    if GroupedConvolution.handles(geometry, channels: input.channels, outputs: outChannels),
      epilogue.addend == nil
    {
      return GroupedConvolution.convolve(input, kernel, geometry, epilogue: epilogue)
    }
    if NarrowConvolution.handles(geometry, channels: input.channels, outputs: outChannels),
      epilogue.addend == nil
    {
      return NarrowConvolution.convolve(input, kernel, geometry, epilogue: epilogue)
    }
    let inputSize = Size2D(height: input.height, width: input.width)
    if WinogradConvolution.handles(
      geometry, batch: input.batch, size: inputSize, channels: input.channels, outputs: outChannels)
    {
      return WinogradConvolution.convolve(
        input, kernel, geometry, size: inputSize, transposed: false, epilogue: epilogue)
    }
    if PointwiseConvolution.handles(
      geometry, positions: input.batch * input.height * input.width, channels: input.channels,
      outputs: outChannels)
    {
      return PointwiseConvolution.convolve(input, kernel, transposed: false, epilogue: epilogue)
    }
    let size = geometry.outputSize(of: inputSize)
    let primitive = try primitive(
      OneDNNPrimitive.Key(
        kind: EDVIZ_CONVOLUTION_FORWARD, geometry: geometry, batch: input.batch,
        size: inputSize, outSize: size, channels: input.channels,
        outChannels: outChannels, bias: epilogue.bias != nil, addend: epilogue.addend != nil,
        relu: epilogue.relu))
    if let addend = epilogue.addend, !primitive.isExactWithAddend {
      let plain = try convolution(input, kernel, geometry, epilogue: ConvolutionEpilogue(bias: epilogue.bias))
      return Tensor.sum([Summand(plain), Summand(addend)], relu: epilogue.relu)
    }
    let output = Tensor(uninitialized: [input.batch, size.height, size.width, outChannels])
    try primitive.execute(input, kernel, bias: epilogue.bias, addend: epilogue.addend, into: output)
    return output
  }

  /// As `ConvolutionBackend` says; the epilogue by our own kernel, or in a pass of its own.
  public func transposedConvolution(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, outputSize: Size2D,
    epilogue: consuming TransposedEpilogue
  ) throws(EngineError) -> Tensor {
    let channels = kernel.weights.shape[1] * geometry.groups
    if GroupedConvolution.handles(geometry, channels: channels, outputs: input.channels) {
      return GroupedConvolution.transposeConvolve(
        input, kernel, geometry, outputSize: outputSize, epilogue: epilogue)
    }
    return epilogue.applied(
      to: try plainTransposedConvolution(input, kernel, geometry, outputSize: outputSize))
  }

  /// For maps that no cache keeps.
  public func adds(_ projection: Projection, to geometry: ConvolutionGeometry, inputs: Int) -> Bool {
    let (input, channels) = (projection.input, projection.kernel.weights.shape[0])
    return GroupedConvolution.handles(geometry, channels: channels, outputs: inputs)
      && PointwiseConvolution.handles(
        ConvolutionGeometry(kernel: 1), positions: input.batch * input.height * input.width,
        channels: input.channels, outputs: channels)
  }

  /// The data gradient of the convolution that runs the other way: oneDNN's own deconvolution is many times
  /// slower on the narrow groups of an encoder-decoder path.
  private func plainTransposedConvolution(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, outputSize: Size2D
  ) throws(EngineError) -> Tensor {
    let channels = kernel.weights.shape[1] * geometry.groups
    if NarrowConvolution.handles(geometry, channels: channels, outputs: input.channels) {
      return NarrowConvolution.transposeConvolve(input, kernel, geometry, outputSize: outputSize)
    }
    if WinogradConvolution.handles(
      geometry, batch: input.batch, size: outputSize, channels: channels, outputs: input.channels)
    {
      return WinogradConvolution.convolve(
        input, kernel, geometry, size: outputSize, transposed: true, epilogue: ConvolutionEpilogue())
    }
    if PointwiseConvolution.handles(
      geometry, positions: input.batch * input.height * input.width, channels: input.channels,
      outputs: channels)
    {
      return PointwiseConvolution.convolve(input, kernel, transposed: true, epilogue: ConvolutionEpilogue())
    }
    let primitive = try primitive(
      OneDNNPrimitive.Key(
        kind: EDVIZ_CONVOLUTION_BACKWARD_DATA, geometry: geometry, batch: input.batch, size: outputSize,
        outSize: Size2D(height: input.height, width: input.width), channels: channels,
        outChannels: input.channels, bias: false, addend: false, relu: false))
    let output = Tensor(uninitialized: [input.batch, outputSize.height, outputSize.width, channels])
    try primitive.execute(input, kernel, bias: nil, addend: nil, into: output)
    return output
  }

  /// As `ConvolutionBackend` says.
  public func weightGradient(
    input: Tensor, outputGradient: Tensor, _ geometry: ConvolutionGeometry,
    into target: UnsafeMutableBufferPointer<Float>, accumulating: Bool
  ) throws(EngineError) {
    if NarrowConvolution.handles(geometry, channels: input.channels, outputs: outputGradient.channels) {
      return NarrowConvolution.weightGradient(
        input, outputGradient, geometry, into: target, accumulating: accumulating)
    }
    if GroupedConvolution.handlesWeightGradient(
      geometry, channels: input.channels, outputs: outputGradient.channels)
    {
      return GroupedConvolution.weightGradient(
        input, outputGradient, geometry, into: target, accumulating: accumulating)
    }
    let inputSize = Size2D(height: input.height, width: input.width)
    if WinogradConvolution.handles(
      geometry, batch: input.batch, size: inputSize, channels: input.channels,
      outputs: outputGradient.channels)
    {
      return WinogradConvolution.weightGradient(
        input, outputGradient, geometry, into: target, accumulating: accumulating)
    }
    let stride = geometry.stride.height
    if geometry == ConvolutionGeometry(kernel: 1, stride: stride), stride > 1, input.channels < 8 {
      // oneDNN 2.6 leaves positions out as well, but with AVX2 into memory in which threads overlap if there are less than 8
      // channels: wrong sums, and others each time.
      return try weightGradient(
        input: input.subsampled(stride: stride, channels: input.channels), outputGradient: outputGradient,
        ConvolutionGeometry(kernel: 1), into: target, accumulating: accumulating)
    }
    let primitive = try primitive(
      OneDNNPrimitive.Key(
        kind: EDVIZ_CONVOLUTION_BACKWARD_WEIGHTS, geometry: geometry, batch: input.batch,
        size: inputSize,
        outSize: Size2D(height: outputGradient.height, width: outputGradient.width), channels: input.channels,
        outChannels: outputGradient.channels, bias: false, addend: false, relu: false))
    try primitive.weightGradient(input, outputGradient, into: target, accumulating: accumulating)
  }

  private func primitive(_ key: OneDNNPrimitive.Key) throws(EngineError) -> OneDNNPrimitive {
    if let found = primitives.withLock({ $0[key] }) { return found }
    let made = try OneDNNPrimitive(key)
    primitives.withLock { $0[key] = made }
    return made
  }
}

/// The version of the oneDNN library in use, such as "2.6.3".
public let oneDNNVersion = String(cString: edviz_onednn_version())
