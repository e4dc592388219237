import Dispatch
import Synchronization

/// Makes the elements of a sequence on threads of its own, a little ahead of who reads them.
///
/// Order and results are those of a plain loop; memory is bounded by `depth` elements. Nothing is being made any more when
/// it is gone.
public final class Prefetcher<Element: Sendable>: Sequence, IteratorProtocol {
  private struct State {
    var next = 0
    var ready: [Int: Element] = [:]
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

    /// The index of the next element to make, once there is room for it; nil when there is nothing more to do.
    func start(count: Int) -> Int? {
      free.wait()
      return state.withLock { state in
        guard !state.isStopped, state.next < count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }
  }

  private let shared: Shared
  private let group = DispatchGroup()
  private let workers: Int
  private let count: Int
  private var position = 0

  /// Starts making `count` elements.
  /// - Parameters:
  ///   - workers: how many are made at once. They share the threads that the engine computes with.
  ///   - depth: how many are being made or ready at most; by default one more than workers.
  public init(
    count: Int, workers: Int = 1, depth: Int? = nil, make: @escaping @Sendable (Int) -> Element
  ) {
    let shared = Shared(depth: Swift.max(depth ?? 0, workers + 1))
    self.shared = shared
    (self.count, self.workers) = (count, workers)
    let threads = Threads.count / workers
    for _ in 0..<workers {
      // A queue for each, because those that are shared start no more threads than there are cores.
      DispatchQueue(label: "edviz.prefetcher", qos: .userInitiated).async(group: group) {
        Threads.with(threads) {
          while let index = shared.start(count: count) {
            let element = make(index)
            shared.state.withLock { $0.ready[index] = element }
            shared.filled.signal()
          }
        }
        // For the next worker, which waits for room, too.
        shared.free.signal()
      }
    }
  }

  /// The next element, waiting for it if need be.
  public func next() -> Element? {
    guard position < count else { return nil }
    defer { position += 1 }
    while true {
      if let element = shared.state.withLock({ $0.ready.removeValue(forKey: position) }) {
        shared.free.signal()
        return element
      }
      shared.filled.wait()
    }
  }

  deinit {
    shared.state.withLock { $0.isStopped = true }
    shared.free.signal()
    group.wait()
  }
}
