import Glibc
import Synchronization

/// Keeps released blocks for reuse, because page faults of fresh memory cost more than most operators.
///
/// Blocks come in size classes four to the octave; one of up to twice the wanted size is reused before fresh memory is
/// taken. Small blocks are cut from slabs, which stay as long as the process lives; large ones have pages
/// of their own, which go back to the system when the pool holds more than a quarter beyond what was ever in use at once.
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
    /// Bytes in use, the most that ever were, and bytes of blocks in use or pooled.
    var live = 0
    var peak = 0
    var total = 0
  }

  private let state = Mutex<State>(State())

  private static let pageSize = 4096
  private static let slabSize = 16 << 20

  /// Bytes rounded up to a size class: a multiple of a quarter of the power of two below, at least 64.
  package static func sizeClass(_ bytes: Int) -> Int {
    guard bytes > 256 else { return max(64, (bytes + 63) & ~63) }
    let quarter = 1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount - 2)
    return (bytes + quarter - 1) & ~(quarter - 1)
  }

  /// Bytes of all blocks, in use or pooled.
  package var totalBytes: Int { state.withLock { $0.total } }

  func take(bytes: Int) -> Block {
    #if EDVIZ_UNPOOLED
      // Memory of its own for each block, so that AddressSanitizer sees what goes beyond one or comes too late.
      return Block(address: Self.pages(bytes, alignment: 64), bytes: bytes)
    #else
      return takePooled(bytes: bytes)
    #endif
  }

  func give(_ block: Block) {
    #if EDVIZ_UNPOOLED
      Glibc.free(block.address)
    #else
      givePooled(block)
    #endif
  }

  private func takePooled(bytes: Int) -> Block {
    let size = Self.sizeClass(bytes)
    return state.withLock { state in
      let block = Self.reused(size, &state) ?? Self.fresh(size, &state)
      state.live += block.bytes
      state.peak = max(state.peak, state.live)
      return block
    }
  }

  private func givePooled(_ block: Block) {
    let surplus = state.withLock { state -> Block? in
      state.live -= block.bytes
      if block.bytes > Self.slabSize / 2, state.total > state.peak + state.peak / 4 {
        state.total -= block.bytes
        return block
      }
      state.free[block.bytes, default: []].append(block)
      return nil
    }
    if let surplus { Glibc.free(surplus.address) }
  }

  /// A pooled block of the class, or of a larger one up to twice its size.
  private static func reused(_ size: Int, _ state: inout State) -> Block? {
    var candidate = size
    while candidate <= 2 * size {
      if let block = state.free[candidate]?.popLast() { return block }
      candidate = sizeClass(candidate + 1)
    }
    return nil
  }

  private static func fresh(_ size: Int, _ state: inout State) -> Block {
    state.total += size
    if size > slabSize / 2 { return Block(address: pages(size), bytes: size) }
    if let slab = state.slab, slab.count >= size, let address = slab.baseAddress {
      state.slab = UnsafeMutableRawBufferPointer(rebasing: slab[size...])
      return Block(address: address, bytes: size)
    }
    let address = pages(slabSize)
    state.slab = UnsafeMutableRawBufferPointer(start: address + size, count: slabSize - size)
    return Block(address: address, bytes: size)
  }

  /// Fresh memory. The kernel is not asked for huge pages: where a host lends a virtual machine its memory, getting them
  /// costs a short run more than they save.
  private static func pages(_ size: Int, alignment: Int = pageSize) -> UnsafeMutableRawPointer {
    var address: UnsafeMutableRawPointer?
    guard posix_memalign(&address, alignment, size) == 0, let address else { OutOfMemory.end(wanting: size) }
    return address
  }
}
