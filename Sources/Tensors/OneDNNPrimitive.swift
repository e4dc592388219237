import COneDNN

/// Primitives by shape. Photographs come in many sizes, so the least recently used half goes when it is full.
struct OneDNNPrimitiveCache {
  let capacity: Int
  private var entries: [OneDNNPrimitive.Key: (primitive: OneDNNPrimitive, used: Int)] = [:]
  private var clock = 0

  init(capacity: Int) { self.capacity = capacity }

  subscript(key: OneDNNPrimitive.Key) -> OneDNNPrimitive? {
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
final class OneDNNPrimitive: @unchecked Sendable {
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
