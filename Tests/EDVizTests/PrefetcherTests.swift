import EDViz
import Glibc
import Synchronization
import Testing

@Suite struct PrefetcherTests {
  @Test func elementsComeInOrder() {
    let elements = Prefetcher(count: 100) { $0 * $0 }
    #expect(Array(elements) == (0..<100).map { $0 * $0 })
    #expect(Array(Prefetcher(count: 0) { $0 }).isEmpty)
  }

  /// Who stops early leaves a producer that waits; neither may crash nor hang.
  @Test func stoppingEarlyIsFine() {
    for stop in 0..<20 {
      var seen = 0
      for element in Prefetcher(count: 1000, make: { $0 }) {
        if element == stop { break }
        seen += 1
      }
      #expect(seen == stop)
    }
  }

  /// However long each takes; and no more of them are about than memory is bounded to.
  @Test(arguments: [1, 2, 5]) func severalAtOnceStayInOrder(workers: Int) {
    let about = Mutex((now: 0, most: 0))
    let elements = Prefetcher(count: 200, workers: workers) { index in
      about.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      var generator = SeededGenerator(seed: UInt64(index))
      for _ in 0..<Int.random(in: 0..<20000, using: &generator) { _ = generator.next() }
      return index
    }
    var seen: [Int] = []
    for element in elements {
      about.withLock { $0.now -= 1 }
      seen.append(element)
    }
    #expect(seen == Array(0..<200))
    // One more than are being made or ready, while the reader has not counted the one that it was given.
    #expect(about.withLock { $0.most } <= workers + 2)
  }

  @Test func workersShareTheThreads() {
    let threads = Threads.count
    for workers in [1, 2, 64] {
      let counts = Prefetcher(count: 8, workers: workers) { _ in Threads.count }
      #expect(counts.allSatisfy { $0 == max(1, threads / workers) })
    }
    #expect(Threads.count == threads)
  }

  @Test func nothingIsMadeAfterTheEnd() {
    let made = Mutex(0)
    do {
      let elements = Prefetcher(count: 100_000, workers: 4) { index in made.withLock { $0 += 1 } }
      _ = elements.next()
    }
    let atTheEnd = made.withLock { $0 }
    for _ in 0..<100 { sched_yield() }
    #expect(made.withLock { $0 } == atTheEnd && atTheEnd < 100)
  }
}
