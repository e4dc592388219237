/// Overflow-checked arithmetic on shapes and strides that come from a file.
enum TensorExtent {
  /// Dimensions beyond this are no network's; the limit keeps a small file from describing huge lists.
  static let maximumRank = 16

  /// The number of elements, or nil if the shape is impossible: a negative dimension, too many dimensions, or a
  /// product, zeros left out, whose bytes no `Int` holds. So no partial product overflows either, in any order.
  static func count(_ shape: [Int], elementSize: Int) -> Int? {
    guard shape.count <= maximumRank else { return nil }
    var product = elementSize
    var isEmpty = false
    for dimension in shape {
      guard dimension >= 0 else { return nil }
      guard dimension > 0 else {
        isEmpty = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow else { return nil }
      product = next
    }
    return isEmpty ? 0 : product / elementSize
  }

  /// Elements from the storage's start to the end of the last one a tensor touches, or nil if offset or strides
  /// are negative or the sum overflows. An empty tensor touches none.
  static func reach(offset: Int, shape: [Int], strides: [Int]) -> Int? {
    guard offset >= 0, strides.count == shape.count, strides.allSatisfy({ $0 >= 0 }) else { return nil }
    guard !shape.contains(0) else { return 0 }
    var last = offset
    for (dimension, stride) in zip(shape, strides) {
      let (step, overflow) = (dimension - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflowedSum) = last.addingReportingOverflow(step)
      guard !overflow, !overflowedSum else { return nil }
      last = sum
    }
    let (end, overflow) = last.addingReportingOverflow(1)
    return overflow ? nil : end
  }

  /// True if the strides are those of a dense row-major tensor; a dimension of one may have any stride.
  static func isDense(_ shape: [Int], strides: [Int]) -> Bool {
    guard !shape.contains(0) else { return true }
    var expected = 1
    for (dimension, stride) in zip(shape, strides).reversed() {
      guard dimension == 1 || stride == expected else { return false }
      expected *= dimension
    }
    return true
  }
}
