import Glibc
import Synchronization

/// Keeps released blocks for reuse, because page faults of fresh memory cost more than most operators.
///
/// Blocks come in size classes four to the octave, so a reused block is at most a quarter larger than asked for.
package final class StoragePool: Sendable {
  package struct Block: @unchecked Sendable {
    var address: UnsafeMutableRawPointer
    var bytes: Int
  }

  package static let shared = StoragePool()

  private let free = Mutex<[Int: [Block]]>([:])

  /// From this size on, blocks are aligned to huge pages, which the kernel is asked to use.
  private static let hugePage = 2 << 20

  /// Bytes rounded up to a size class: a multiple of a quarter of the power of two below, at least 64.
  static func sizeClass(_ bytes: Int) -> Int {
    guard bytes > 256 else { return (bytes + 63) & ~63 }
    let quarter = 1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount - 2)
    return (bytes + quarter - 1) & ~(quarter - 1)
  }

  func take(bytes: Int) -> Block {
    let size = Self.sizeClass(bytes)
    if let block = free.withLock({ $0[size]?.popLast() }) { return block }
    var address: UnsafeMutableRawPointer?
    let alignment = size >= 2 * Self.hugePage ? Self.hugePage : 64
    let status = posix_memalign(&address, alignment, size)
    guard status == 0, let address else {
      // Memory is gone: what is pooled is the only thing left to give back before a last try.
      drain()
      return retry(size: size)
    }
    if alignment == Self.hugePage { madvise(address, size, MADV_HUGEPAGE) }
    return Block(address: address, bytes: size)
  }

  func give(_ block: Block) {
    free.withLock { $0[block.bytes, default: []].append(block) }
  }

  /// Returns every unused block to the system.
  package func drain() {
    let blocks = free.withLock { pool in
      defer { pool = [:] }
      return pool.values.flatMap { $0 }
    }
    for block in blocks { Glibc.free(block.address) }
  }

  private func retry(size: Int) -> Block {
    var address: UnsafeMutableRawPointer?
    guard posix_memalign(&address, 64, size) == 0, let address else {
      preconditionFailure("out of memory: \(size) bytes asked for")
    }
    return Block(address: address, bytes: size)
  }
}
