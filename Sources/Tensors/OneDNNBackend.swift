import COneDNN
import Synchronization

/// Convolutions by oneDNN: activations NHWC, weights in whatever order it likes best. What it is slow at,
/// `GroupedConvolution`, `NarrowConvolution`, `PointwiseConvolution` and `WinogradConvolution` do.
public final class OneDNNBackend: ConvolutionBackend {
  static let shared = OneDNNBackend()

  /// "onednn".
  public let name = "onednn"

  private let primitives = Mutex(PrimitiveCache(capacity: 1024))

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
      Primitive.Key(
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
      Primitive.Key(
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
      Primitive.Key(
        kind: EDVIZ_CONVOLUTION_BACKWARD_WEIGHTS, geometry: geometry, batch: input.batch,
        size: inputSize,
        outSize: Size2D(height: outputGradient.height, width: outputGradient.width), channels: input.channels,
        outChannels: outputGradient.channels, bias: false, addend: false, relu: false))
    try primitive.weightGradient(input, outputGradient, into: target, accumulating: accumulating)
  }

  private func primitive(_ key: Primitive.Key) throws(EngineError) -> Primitive {
    if let found = primitives.withLock({ $0[key] }) { return found }
    let made = try Primitive(key)
    primitives.withLock { $0[key] = made }
    return made
  }
}

/// Primitives by shape. Photographs come in many sizes, so the least recently used half goes when it is full.
private struct PrimitiveCache {
  let capacity: Int
  private var entries: [Primitive.Key: (primitive: Primitive, used: Int)] = [:]
  private var clock = 0

  init(capacity: Int) { self.capacity = capacity }

  subscript(key: Primitive.Key) -> Primitive? {
    mutating get {
      clock += 1
      entries[key]?.used = clock
      return entries[key]?.primitive
    }
    set {
      clock += 1
      entries[key] = newValue.map { ($0, clock) }
      guard entries.count > capacity else { return }
      let cut = entries.values.map(\.used).sorted()[entries.count / 2]
      entries = entries.filter { $0.value.used > cut }
    }
  }
}

/// One compiled oneDNN convolution. Unchecked: oneDNN's primitives are immutable once made.
private final class Primitive: @unchecked Sendable {
  struct Key: Hashable {
    var kind: edviz_convolution_kind
    var geometry: ConvolutionGeometry
    var batch: Int
    /// The side that a forward convolution reads.
    var size: Size2D
    var outSize: Size2D
    var channels: Int
    var outChannels: Int
    var bias: Bool
    var addend: Bool
    var relu: Bool
    /// oneDNN divides the work when it compiles.
    var threads = Threads.count
  }

  private let handle: OpaquePointer
  private let layout: UInt64
  private let scratchpadBytes: Int
  /// False if an addend is not added as it should be: oneDNN 2.6 errs where it computes a convolution by matrix products, as
  /// it does more and more often the older the processor is.
  let isExactWithAddend: Bool

  init(_ key: Key) throws(EngineError) {
    let g = key.geometry
    var shape = edviz_convolution_shape()
    shape.batch = Int64(key.batch)
    shape.in_channels = Int64(key.channels)
    shape.out_channels = Int64(key.outChannels)
    shape.groups = Int64(g.groups)
    shape.height = Int64(key.size.height)
    shape.width = Int64(key.size.width)
    shape.out_height = Int64(key.outSize.height)
    shape.out_width = Int64(key.outSize.width)
    shape.kernel_height = Int64(g.kernel.height)
    shape.kernel_width = Int64(g.kernel.width)
    shape.stride_height = Int64(g.stride.height)
    shape.stride_width = Int64(g.stride.width)
    shape.dilation_height = Int64(g.dilation.height)
    shape.dilation_width = Int64(g.dilation.width)
    shape.pad_top = Int64(g.padding.height)
    shape.pad_left = Int64(g.padding.width)
    shape.pad_bottom = Int64(g.endPadding.height)
    shape.pad_right = Int64(g.endPadding.width)
    var epilogue = edviz_convolution_epilogue(
      bias: key.bias ? 1 : 0, addend: key.addend ? 1 : 0, relu: key.relu ? 1 : 0)
    var made: OpaquePointer?
    try EngineError.check(Int(EDVIZ_ERROR_SIZE)) { message in
      edviz_convolution_create(key.kind, &shape, &epilogue, &made, message)
    }
    guard let made else { throw EngineError(description: "oneDNN: made no primitive") }
    handle = made
    layout = edviz_convolution_weights_layout(made)
    scratchpadBytes = edviz_convolution_scratchpad_bytes(made)
    isExactWithAddend = edviz_convolution_is_matrix_product(made) == 0
  }

  deinit { edviz_convolution_destroy(handle) }

  /// `output` was made for this call, so that nothing else sees it being written.
  func execute(
    _ input: Tensor, _ kernel: ConvolutionKernel, bias: Tensor?, addend: Tensor?, into output: Tensor
  ) throws(EngineError) {
    let packed = try kernel.layout(.oneDNN(layout)) { (weights) throws(EngineError) in try pack(weights) }
    let scratchpad = Storage(count: (scratchpadBytes + 3) / MemoryLayout<Float>.stride)
    defer { withExtendedLifetime((packed, scratchpad, input, bias, addend)) {} }
    try EngineError.check(Int(EDVIZ_ERROR_SIZE)) { message in
      edviz_convolution_execute(
        handle, input.storage.pointer, packed.pointer, bias?.storage.pointer, addend?.storage.pointer,
        output.storage.pointer, scratchpad.pointer, message)
    }
  }

  func weightGradient(
    _ input: Tensor, _ gradient: Tensor, into target: UnsafeMutableBufferPointer<Float>, accumulating: Bool
  ) throws(EngineError) {
    let packed = Storage(
      count: (edviz_convolution_weights_bytes(handle) + 3) / MemoryLayout<Float>.stride)
    let scratchpad = Storage(count: (scratchpadBytes + 3) / MemoryLayout<Float>.stride)
    defer { withExtendedLifetime((packed, scratchpad, input, gradient)) {} }
    try EngineError.check(Int(EDVIZ_ERROR_SIZE)) { message in
      edviz_convolution_weight_gradient(
        handle, input.storage.pointer, gradient.storage.pointer, packed.pointer, scratchpad.pointer, message)
    }
    try EngineError.check(Int(EDVIZ_ERROR_SIZE)) { message in
      edviz_convolution_unpack(handle, packed.pointer, target.baseAddress, accumulating ? 1 : 0, message)
    }
  }

  private func pack(_ weights: Tensor) throws(EngineError) -> Storage {
    let bytes = edviz_convolution_weights_bytes(handle)
    let packed = Storage(count: (bytes + 3) / MemoryLayout<Float>.stride)
    try EngineError.check(Int(EDVIZ_ERROR_SIZE)) { message in
      edviz_convolution_pack(handle, weights.storage.pointer, packed.pointer, message)
    }
    return packed
  }
}

extension edviz_convolution_kind: @retroactive Hashable {}

/// The version of the oneDNN library in use, such as "2.6.3".
public let oneDNNVersion = String(cString: edviz_onednn_version())
