import Glibc
import Synchronization

/// Keeps released blocks for reuse, because page faults of fresh memory cost more than most operators.
///
/// Blocks come in size classes four to the octave, so a reused block is at most a quarter larger than asked for.
/// They are cut from slabs of huge pages; a block that would take most of a slab gets pages of its own. Slabs are
/// kept as long as the process lives.
package final class StoragePool: Sendable {
  package struct Block: @unchecked Sendable {
    var address: UnsafeMutableRawPointer
    var bytes: Int
  }

  package static let shared = StoragePool()

  private struct State {
    var free: [Int: [Block]] = [:]
    /// What is left of the newest slab.
    var slab: UnsafeMutableRawBufferPointer?
  }

  private let state = Mutex<State>(State())

  private static let hugePage = 2 << 20
  private static let slabSize = 16 << 20

  /// Bytes rounded up to a size class: a multiple of a quarter of the power of two below, at least 64.
  package static func sizeClass(_ bytes: Int) -> Int {
    guard bytes > 256 else { return max(64, (bytes + 63) & ~63) }
    let quarter = 1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount - 2)
    return (bytes + quarter - 1) & ~(quarter - 1)
  }

  func take(bytes: Int) -> Block {
    let size = Self.sizeClass(bytes)
    return state.withLock { state in
      if let block = state.free[size]?.popLast() { return block }
      if size > Self.slabSize / 2 { return Block(address: Self.pages(size), bytes: size) }
      if state.slab.map({ $0.count < size }) ?? true {
        state.slab = UnsafeMutableRawBufferPointer(start: Self.pages(Self.slabSize), count: Self.slabSize)
      }
      guard let slab = state.slab, let address = slab.baseAddress else { preconditionFailure("no slab") }
      state.slab = UnsafeMutableRawBufferPointer(rebasing: slab[size...])
      return Block(address: address, bytes: size)
    }
  }

  func give(_ block: Block) {
    state.withLock { $0.free[block.bytes, default: []].append(block) }
  }

  /// Fresh memory that the kernel is asked to back with huge pages.
  private static func pages(_ size: Int) -> UnsafeMutableRawPointer {
    var address: UnsafeMutableRawPointer?
    guard posix_memalign(&address, hugePage, size) == 0, let address else {
      preconditionFailure("out of memory: \(size) bytes asked for")
    }
    madvise(address, size, MADV_HUGEPAGE)
    return address
  }
}
