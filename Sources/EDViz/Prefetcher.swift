import Dispatch
import Synchronization

/// Makes the elements of a sequence one after another on a thread of its own, a little ahead of who reads them.
///
/// Order and results are those of a plain loop; memory is bounded by `depth` elements.
public final class Prefetcher<Element: Sendable>: Sequence, IteratorProtocol {
  private struct State {
    var ready: [Element] = []
    var isStopped = false
  }

  private final class Shared: Sendable {
    let state = Mutex(State())
    let filled = DispatchSemaphore(value: 0)
    let free = DispatchSemaphore(value: 0)

    init(depth: Int) {
      // Not as the initial value, below which a semaphore must not be when it goes.
      for _ in 0..<depth { free.signal() }
    }
  }

  private let shared: Shared
  private var remaining: Int

  /// Starts making `count` elements, at most `depth` ahead.
  public init(count: Int, depth: Int = 2, make: @escaping @Sendable (Int) -> Element) {
    let shared = Shared(depth: depth)
    self.shared = shared
    remaining = count
    DispatchQueue.global(qos: .userInitiated).async {
      for index in 0..<count {
        shared.free.wait()
        if shared.state.withLock({ $0.isStopped }) { return }
        let element = make(index)
        shared.state.withLock { $0.ready.append(element) }
        shared.filled.signal()
      }
    }
  }

  /// The next element, waiting for it if need be.
  public func next() -> Element? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    shared.filled.wait()
    let element = shared.state.withLock { $0.ready.removeFirst() }
    shared.free.signal()
    return element
  }

  deinit {
    shared.state.withLock { $0.isStopped = true }
    shared.free.signal()
  }
}
