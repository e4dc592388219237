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
  private let isFileBacked: Bool

  /// A block of at least `count` floats from the pool, with unspecified contents.
  package init(count: Int) {
    let block = StoragePool.shared.take(bytes: max(1, count) * MemoryLayout<Float>.stride)
    pointer = block.address.assumingMemoryBound(to: Float.self)
    capacity = block.bytes / MemoryLayout<Float>.stride
    owner = nil
    isFileBacked = false
  }

  /// A read-only view of `count` floats that live as long as `owner`.
  package init(borrowing pointer: UnsafePointer<Float>, count: Int, owner: AnyObject, isFileBacked: Bool) {
    self.isFileBacked = isFileBacked
    self.pointer = UnsafeMutablePointer(mutating: pointer)
    capacity = count
    self.owner = owner
  }

  /// Other memory with the same content.
  package func copy(count: Int) -> Storage {
    let copy = Storage(count: count)
    copy.pointer.update(from: pointer, count: count)
    return copy
  }

  /// False for borrowed memory, which must be copied before it is changed.
  var isWritable: Bool { owner == nil }

  /// Gives pages of a mapped file back; they are read again when they are touched.
  func releasePages() {
    guard isFileBacked else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let address = UInt(bitPattern: pointer)
    let start = (address + UInt(page) - 1) & ~UInt(page - 1)
    let end = (address + UInt(capacity * MemoryLayout<Float>.stride)) & ~UInt(page - 1)
    guard start < end, let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
    madvise(first, Int(end - start), MADV_DONTNEED)
  }

  deinit {
    guard owner == nil else { return }
    StoragePool.shared.give(
      StoragePool.Block(address: pointer, bytes: capacity * MemoryLayout<Float>.stride))
  }
}
