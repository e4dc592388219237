import Dispatch
import Files
import Synchronization

/// Memory that jobs on several threads share: one that would take more than is left waits for its turn.
package final class MemoryBudget: Sendable {
  /// Four fifths of what the process may use, for all photographs that are worked on and the activations of all passes.
  package static let shared = MemoryBudget(bytes: PhysicalMemory.usable / 5 * 4)

  /// The budget that the present thread holds a part of, which is enough for all that it does meanwhile: to wait for more
  /// while one holds some is how threads wait for each other for ever.
  private static let holder = ThreadValue<ObjectIdentifier>()

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
    try check(wanted, images: shape)
    return try waiting(for: wanted, body)
  }

  /// Makes sure that there are so many bytes at all.
  /// - Throws: `AttentionError.needsMemory`.
  func check(_ wanted: Int, images shape: [Int]) throws(AttentionError) {
    guard wanted <= bytes else {
      throw .needsMemory(bytes: wanted, available: bytes, imageShape: shape)
    }
  }

  /// Runs `body`, which works on a photograph, while it holds so many bytes, or all there are: whoever wants more than that
  /// works alone.
  package func holding<Result>(upTo wanted: Int, _ body: () throws -> Result) rethrows -> Result {
    try waiting(for: min(wanted, bytes), body)
  }

  private func waiting<Result>(for wanted: Int, _ body: () throws -> Result) rethrows -> Result {
    guard Self.holder.current != ObjectIdentifier(self) else { return try body() }
    turn(for: wanted)?.wait()
    defer { giveBack(wanted) }
    return try Self.holder.with(ObjectIdentifier(self), body)
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
