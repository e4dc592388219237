import EDViz
import Testing

/// Threads that share a model see what each would see alone. `scripts/sanitize thread` runs this with a compiler that
/// sees who reads what another writes.
@Suite struct ThreadedModelTests {
  /// A picture of one of several shapes; each shape has plans and primitives of its own, which the threads make.
  private static func picture(_ index: Int) -> Image {
    let (width, height) = (40 + index % 3 * 17, 64 - index % 2 * 15)
    var generator = SeededGenerator(seed: UInt64(index))
    let pixels = (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    return Image(width: width, height: height, pixels: pixels)
  }

  private static func look(_ session: AttentionSession, _ index: Int) throws -> [[Float]] {
    // One thread each, so that no order of summation differs.
    try Threads.with(1) {
      let taps = [Tap(), Tap(block: index % 2 == 0 ? "layer1.0" : "layer3.1", branch: .branch(.decoder))]
      let look = try session.look(at: picture(index), taps: taps, classes: 3)
      return look.maps.map(\.map.values) + [look.classes.map(\.probability)]
    }
  }

  @Test func aSessionIsShared() throws {
    let model = try Model.bundled()
    let alone = AttentionSession(model: model)
    let expected = try (0..<24).map { try Self.look(alone, $0) }
    for _ in 0..<3 {
      let session = AttentionSession(model: model)
      let found = Array(Prefetcher(count: 24, workers: 4) { try? Self.look(session, $0) })
      #expect(found == expected)
    }
  }

  @Test func aModelIsSharedBySessions() throws {
    let model = try Model.bundled()
    let expected = try (0..<8).map { try Self.look(AttentionSession(model: model), $0) }
    let found = Array(
      Prefetcher(count: 8, workers: 4) { try? Self.look(AttentionSession(model: model), $0) })
    #expect(found == expected)
  }
}
