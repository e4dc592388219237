import EDViz
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
}
