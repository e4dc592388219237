import Glibc

/// A block of floats that a tensor refers to: pooled and 64-byte aligned, or borrowed from an owner such as a
/// memory-mapped file.
///
/// Tensors copy on write, so a block that more than one tensor holds is never changed; that is what makes the
/// unchecked `Sendable` true.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Float>
  package let capacity: Int
  private let owner: AnyObject?

  /// A block of at least `count` floats from the pool, with unspecified contents.
  package init(count: Int) {
    let block = StoragePool.shared.take(bytes: max(1, count) * MemoryLayout<Float>.stride)
    pointer = block.address.assumingMemoryBound(to: Float.self)
    capacity = block.bytes / MemoryLayout<Float>.stride
    owner = nil
  }

  /// A read-only view of `count` floats that live as long as `owner`.
  package init(borrowing pointer: UnsafePointer<Float>, count: Int, owner: AnyObject) {
    self.pointer = UnsafeMutablePointer(mutating: pointer)
    capacity = count
    self.owner = owner
  }

  /// False for borrowed memory, which must be copied before it is changed.
  var isWritable: Bool { owner == nil }

  deinit {
    guard owner == nil else { return }
    StoragePool.shared.give(
      StoragePool.Block(address: pointer, bytes: capacity * MemoryLayout<Float>.stride))
  }
}
