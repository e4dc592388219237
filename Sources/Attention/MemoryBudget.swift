import Dispatch
import Files
import Synchronization

/// Memory that passes on several threads share: one that would take more than is left waits for its turn.
final class MemoryBudget: Sendable {
  /// Four fifths of the machine's, for the activations of all passes of this process.
  static let passes = MemoryBudget(bytes: PhysicalMemory.bytes / 5 * 4)

  private struct State {
    var held = 0
    var waiting: [(bytes: Int, turn: DispatchSemaphore)] = []
  }

  private let bytes: Int
  private let state = Mutex(State())

  /// A budget that nobody holds anything of.
  init(bytes: Int) { self.bytes = bytes }

  /// Runs `body` while it holds so many bytes; who came first is let in first.
  /// - Parameter shape: of the images [N, H, W, 3] that need them.
  /// - Throws: `AttentionError.needsMemory`, before `body` runs, for more than there is at all; what `body` throws.
  func holding<Result>(_ wanted: Int, images shape: [Int], _ body: () throws -> Result) throws -> Result {
    guard wanted <= bytes else {
      throw AttentionError.needsMemory(bytes: wanted, available: bytes, imageShape: shape)
    }
    turn(for: wanted)?.wait()
    defer { giveBack(wanted) }
    return try body()
  }

  /// What to wait for, or nil if the bytes are there.
  private func turn(for wanted: Int) -> DispatchSemaphore? {
    state.withLock { state in
      if state.waiting.isEmpty, state.held + wanted <= bytes {
        state.held += wanted
        return nil
      }
      let turn = DispatchSemaphore(value: 0)
      state.waiting.append((wanted, turn))
      return turn
    }
  }

  private func giveBack(_ returned: Int) {
    state.withLock { state in
      state.held -= returned
      while let first = state.waiting.first, state.held + first.bytes <= bytes {
        state.held += first.bytes
        state.waiting.removeFirst().turn.signal()
      }
    }
  }
}
