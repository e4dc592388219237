/// Copies elements that lie apart into dense row-major order.
enum StridedCopy {
  /// Gathers the elements of a non-empty tensor.
  /// - Parameters:
  ///   - source: the tensor's first element; extents have been checked against the storage.
  ///   - strides: in elements.
  ///   - target: room for all elements.
  static func gather(
    _ source: UnsafeRawPointer, shape: [Int], strides: [Int], elementSize: Int,
    into target: UnsafeMutableRawPointer
  ) {
    switch elementSize {
    case 1: gather(UInt8.self, source, shape, strides, target)
    case 2: gather(UInt16.self, source, shape, strides, target)
    case 4: gather(UInt32.self, source, shape, strides, target)
    default: gather(UInt64.self, source, shape, strides, target)
    }
  }

  private static func gather<T: BitwiseCopyable>(
    _: T.Type, _ source: UnsafeRawPointer, _ shape: [Int], _ strides: [Int],
    _ target: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<T>.size
    let inner = shape.last ?? 1
    let innerStep = (strides.last ?? 1) &* size
    let outer = shape.dropLast()
    var index = [Int](repeating: 0, count: outer.count)
    var start = 0
    var written = 0
    while true {
      for column in 0..<inner {
        // A dimension of one may carry any stride, which is never multiplied by more than zero.
        let element = source.loadUnaligned(fromByteOffset: start &+ column &* innerStep, as: T.self)
        target.storeBytes(of: element, toByteOffset: written, as: T.self)
        written &+= size
      }
      var axis = outer.count - 1
      while axis >= 0 {
        index[axis] += 1
        start &+= strides[axis] &* size
        if index[axis] < outer[axis] { break }
        start &-= index[axis] &* strides[axis] &* size
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
