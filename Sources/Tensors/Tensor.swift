/// A dense array of 32-bit floats in row-major order.
///
/// Activations are [N, H, W, C]; weights keep PyTorch's order ([out, in/groups, kH, kW] for a convolution,
/// [in, out/groups, kH, kW] for a transposed one, [out, in] for a linear layer). A tensor is a value: copies share
/// memory until one of them is changed.
public struct Tensor: Sendable {
  /// Dimensions, outermost first. A scalar has none.
  public let shape: [Int]
  /// Number of elements.
  public let count: Int
  package private(set) var storage: Storage

  package init(shape: [Int], storage: Storage) {
    self.shape = shape
    count = shape.reduce(1, *)
    precondition(count <= storage.capacity, "a block of \(storage.capacity) floats cannot hold \(shape)")
    self.storage = storage
  }

  /// A tensor with unspecified contents, to be written whole by the caller.
  package init(uninitialized shape: [Int]) {
    precondition(shape.allSatisfy { $0 >= 0 }, "negative dimension in \(shape)")
    self.init(shape: shape, storage: Storage(count: shape.reduce(1, *)))
  }

  /// A tensor filled with one value.
  public init(repeating value: Float = 0, shape: [Int]) {
    self.init(uninitialized: shape)
    storage.pointer.update(repeating: value, count: count)
  }

  /// A tensor of given elements in row-major order; their number must be the shape's product.
  public init(_ elements: some Collection<Float>, shape: [Int]) {
    self.init(uninitialized: shape)
    precondition(elements.count == count, "\(elements.count) elements cannot fill \(shape)")
    _ = UnsafeMutableBufferPointer(start: storage.pointer, count: count).initialize(from: elements)
  }

  /// A tensor whose elements `body` writes, all of them.
  public init(shape: [Int], fill body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    self.init(uninitialized: shape)
    try body(UnsafeMutableBufferPointer(start: storage.pointer, count: count))
  }

  /// A read-only tensor over memory that lives as long as `owner`.
  /// - Parameter isFileBacked: the memory is a file that is mapped read-only, so that its pages may be given back to the
  ///   system and read again.
  public init(
    borrowing pointer: UnsafePointer<Float>, shape: [Int], owner: AnyObject, isFileBacked: Bool = false
  ) {
    let count = shape.reduce(1, *)
    self.init(
      shape: shape,
      storage: Storage(borrowing: pointer, count: count, owner: owner, isFileBacked: isFileBacked))
  }

  /// Gives the pages of a mapped file back to the system until they are read again; other memory stays as it is.
  public func releasePages() { storage.releasePages() }

  /// The same elements under another shape with the same count.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) cannot be seen as \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  /// The elements as an array, in row-major order.
  public var elements: [Float] { withUnsafeElements { Array($0) } }

  /// One element by its row-major position.
  public subscript(position: Int) -> Float { withUnsafeElements { $0[position] } }

  /// Lends the elements for reading; the pointer is valid only inside `body`.
  @inlinable
  public func withUnsafeElements<R, E: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    try body(UnsafeBufferPointer(start: address, count: count))
  }

  /// Lends the elements for writing, copying them first if another tensor shares them.
  public mutating func withUnsafeMutableElements<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    makeUnique()
    return try body(UnsafeMutableBufferPointer(start: storage.pointer, count: count))
  }

  /// True if no other tensor shares the memory and it may be overwritten.
  package mutating func isUnique() -> Bool {
    isKnownUniquelyReferenced(&storage) && storage.isWritable
  }

  /// True if no other tensor shares the memory, be it borrowed.
  package mutating func isUniquelyHeld() -> Bool { isKnownUniquelyReferenced(&storage) }

  private mutating func makeUnique() {
    guard !isUnique() else { return }
    storage = storage.copy(count: count)
  }

  @usableFromInline var address: UnsafePointer<Float> { UnsafePointer(storage.pointer) }
}

extension Tensor {
  /// Images in the batch, for [N, H, W, C].
  public var batch: Int { shape[0] }
  /// Rows, for [N, H, W, C].
  public var height: Int { shape[1] }
  /// Columns, for [N, H, W, C].
  public var width: Int { shape[2] }

  /// Rows and columns of [N, H, W, C].
  package var size: Size2D { Size2D(height: height, width: width) }
  /// Channels: the last dimension.
  public var channels: Int { shape[shape.count - 1] }
}
