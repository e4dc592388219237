import Dispatch
import Synchronization

/// The batches of an epoch in order, made by threads that end when this object is released.
public final class BatchSequence {
  private typealias Outcome = Result<BatchMaker.Made, DatasetError>

  private struct State {
    var made: [Int: Outcome] = [:]
    /// The next batch that nobody makes yet.
    var next: Int
    var isStopped = false
  }

  /// What threads and reader have in common.
  private final class Shared: Sendable {
    let state: Mutex<State>
    /// Rises with each batch that is made.
    let filled = DispatchSemaphore(value: 0)
    /// Batches that may still be begun.
    let free = DispatchSemaphore(value: 0)

    init(next: Int, depth: Int) {
      state = Mutex(State(next: next))
      // Not as the initial value, below which a semaphore must not be when it goes.
      for _ in 0..<depth { free.signal() }
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Makes batches until there are no more, or the reader is gone.
    func work(_ maker: BatchMaker) {
      while true {
        free.wait()
        let index: Int? = state.withLock { state in
          guard !state.isStopped, state.next < maker.batchCount else { return nil }
          state.next += 1
          return state.next - 1
        }
        guard let index else { return }
        let outcome: Outcome
        do throws(DatasetError) {
          guard let made = try maker.make(index, isStopped: { isStopped }) else { return }
          outcome = .success(made)
        } catch { outcome = .failure(error) }
        state.withLock { $0.made[index] = outcome }
        filled.signal()
      }
    }
  }

  private let shared: Shared
  private let store: ImageStore
  private let batchCount: Int
  private var threads: [BackgroundThread] = []
  private var index: Int
  /// The images that could not be read for the batches so far, by position.
  private var bad: [Int: BatchLoader.BadImage] = [:]
  private var failure: DatasetError?

  init(_ maker: BatchMaker, from index: Int, bad: [BatchLoader.BadImage]) {
    self.index = index
    for image in bad { self.bad[image.position] = image }
    store = maker.store
    batchCount = maker.batchCount
    let count = min(maker.options.threads, maker.options.depth, max(0, batchCount - index))
    let shared = Shared(next: index, depth: maker.options.depth)
    self.shared = shared
    for _ in 0..<count { threads.append(BackgroundThread { shared.work(maker) }) }
  }

  /// The next batch, waiting for it if need be; nil at the end of the epoch.
  /// - Throws: `DatasetError` if too many images cannot be read or those of a batch differ in size; then again at
  ///   every call.
  public func next() throws(DatasetError) -> Batch? {
    if let failure { throw failure }
    do throws(DatasetError) {
      while index < batchCount {
        let made = try wait().get()
        index += 1
        // Counted here, in the order of batches, so that the error comes at the same batch every time.
        for image in made.bad { bad[image.position] = image }
        guard bad.count <= store.maximumBad, bad.count < store.count else { throw store.tooMany(bad.values) }
        if let batch = made.batch { return batch }
      }
      return nil
    } catch {
      failure = error
      stop()
      throw error
    }
  }

  private func wait() -> Outcome {
    while true {
      if let outcome = shared.state.withLock({ $0.made.removeValue(forKey: index) }) {
        shared.free.signal()
        return outcome
      }
      // It may have been signalled for a later batch; then this waits again.
      shared.filled.wait()
    }
  }

  /// Ends the threads, which takes as long as the pictures that they are at.
  private func stop() {
    shared.state.withLock { $0.isStopped = true }
    for _ in threads { shared.free.signal() }
    for thread in threads { thread.join() }
    threads = []
  }

  deinit { stop() }
}
