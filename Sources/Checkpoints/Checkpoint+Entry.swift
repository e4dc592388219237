import Tensors

extension Checkpoint {
  /// One named tensor of a checkpoint. Name, shape and type are known without touching the data.
  public struct Entry: Sendable {
    /// The tensor's name.
    public let name: String
    /// Dimensions, outermost first, in PyTorch's order; a scalar has none.
    public let shape: [Int]
    /// The type of the stored elements.
    public let type: ElementType
    let content: Content

    /// Where an entry's elements are.
    enum Content: Sendable {
      case memory(Tensor)
      /// In `source` from byte `offset` on. Strides are in elements; nil stands for dense row-major.
      case stored(source: ByteSource, offset: Int, strides: [Int]?)
    }

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// True if the name is that of batch normalisation's step counter, which inference has no use for.
    public var isStepCounter: Bool { name == "num_batches_tracked" || name.hasSuffix(".num_batches_tracked") }
  }
}

extension Checkpoint.Entry {
  /// The entry under a shape that has more or fewer ones at its end.
  func reshaped(_ shape: [Int]) -> Self {
    guard shape != self.shape else { return self }
    let content: Content
    switch self.content {
    case .memory(let tensor): content = .memory(tensor.reshaped(shape))
    case .stored(let source, let offset, let strides):
      let kept = strides.map { Array($0.prefix(shape.count)) }
      content = .stored(
        source: source, offset: offset,
        strides: kept.map { $0 + [Int](repeating: 1, count: shape.count - $0.count) })
    }
    return Self(name: name, shape: shape, type: type, content: content)
  }

  /// The entry of a 1×1 convolution as a matrix; others as they are.
  package var flat: Self {
    shape.count == 4 && shape[2...] == [1, 1] ? reshaped(Array(shape.prefix(2))) : self
  }

  /// The elements as 32-bit floats.
  ///
  /// F32 that lies dense and aligned is borrowed: no copy, pages are read when they are touched, and the tensor
  /// keeps the file mapped. Everything else is converted into fresh memory, which is not kept: F16, BF16, BOOL and
  /// integers up to 16 bits exactly, F64 and wider integers to the nearest float.
  ///
  /// - Throws: `CheckpointError.unsupportedType` for eight-bit floats and complex numbers.
  public func tensor() throws(CheckpointError) -> Tensor {
    switch content {
    case .memory(let tensor): return tensor
    case .stored(let source, let offset, let strides):
      guard type.isConvertible else {
        throw .unsupportedType(path: source.path, tensor: name, type: type)
      }
      return tensor(source, offset, strides)
    }
  }

  private func tensor(_ source: ByteSource, _ offset: Int, _ strides: [Int]?) -> Tensor {
    guard count > 0, let base = source.bytes.baseAddress else { return Tensor([], shape: shape) }
    let start = base + offset
    if strides == nil, type == .f32, UInt(bitPattern: start).isMultiple(of: 4) {
      return Tensor(
        borrowing: start.assumingMemoryBound(to: Float.self), shape: shape, owner: source,
        isFileBacked: source.isMapped)
    }
    return Tensor(shape: shape) { target in
      guard let target = target.baseAddress else { return }
      withDenseBytes { type.decode($0, count: count, into: target) }
    }
  }

  /// Lends the elements in their own type, dense and in row-major order; little-endian, at any alignment.
  func withDenseBytes(_ body: (UnsafeRawPointer) -> Void) {
    switch content {
    case .memory(let tensor):
      tensor.withUnsafeElements { elements in
        if let start = elements.baseAddress { body(UnsafeRawPointer(start)) }
      }
    case .stored(let source, let offset, let strides):
      withExtendedLifetime(source) {
        guard count > 0, let base = source.bytes.baseAddress else { return }
        guard let strides else { return body(base + offset) }
        let size = type.byteCount
        let dense = UnsafeMutableRawPointer.allocate(byteCount: count * size, alignment: 64)
        defer { dense.deallocate() }
        StridedCopy.gather(base + offset, shape: shape, strides: strides, elementSize: size, into: dense)
        body(dense)
      }
    }
  }
}
