import Dispatch
import Synchronization
import Testing

@testable import Attention

@Suite struct MemoryBudgetTests {
  @Test func moreThanThereIsIsRefused() throws {
    let budget = MemoryBudget(bytes: 100)
    #expect(try budget.holding(100, images: [1, 2, 3, 3]) { 7 } == 7)
    #expect(throws: AttentionError.needsMemory(bytes: 101, available: 100, imageShape: [1, 2, 3, 3])) {
      try budget.holding(101, images: [1, 2, 3, 3]) { Issue.record("it ran") }
    }
  }

  /// Whoever holds a part does not wait for more, and whoever wants more than there is works alone.
  @Test func holdersDoNotWait() {
    let budget = MemoryBudget(bytes: 100)
    let running = Mutex((now: 0, most: 0, runs: 0))
    DispatchQueue.concurrentPerform(iterations: 100) { index in
      budget.holding(upTo: index % 2 == 0 ? 60 : 1000) {
        running.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        // Together more than there is: they would wait for each other for ever.
        try? budget.holding(50, images: [1, 1, 1, 3]) { running.withLock { $0.runs += 1 } }
        running.withLock { $0.now -= 1 }
      }
    }
    let end = running.withLock { $0 }
    #expect(end.now == 0 && end.most == 1 && end.runs == 100)
  }

  /// What is thrown gives back what was held, too.
  @Test func threadsNeverHoldMoreTogether() {
    struct Failure: Error {}
    let budget = MemoryBudget(bytes: 100)
    let held = Mutex((now: 0, most: 0, runs: 0))
    DispatchQueue.concurrentPerform(iterations: 400) { index in
      let wanted = [1, 30, 60, 100][index % 4]
      try? budget.holding(wanted, images: [1, 1, 1, 3]) {
        held.withLock {
          $0.now += wanted
          $0.most = max($0.most, $0.now)
          $0.runs += 1
        }
        held.withLock { $0.now -= wanted }
        if index % 3 == 0 { throw Failure() }
      }
    }
    let end = held.withLock { $0 }
    #expect(end.now == 0 && end.most <= 100 && end.runs == 400)
    #expect(throws: Never.self) { try budget.holding(100, images: [1, 1, 1, 3]) {} }
  }
}
