import Attention
import Glibc
import Tensors
import Testing

@Suite struct ChessboardTests {
  private func chessboard(_ width: Int, _ height: Int, _ value: (Int, Int) -> Double) -> Chessboard? {
    let values = (0..<width * height).map { Float(value($0 % width, $0 / width)) }
    return values.withUnsafeBufferPointer { Chessboard($0, width: width, height: height) }
  }

  @Test(arguments: [(2, 2), (8, 6), (7, 9), (16, 3)])
  func alternatingMapsAreChessboards(width: Int, height: Int) throws {
    let columns = try #require(chessboard(width, height) { x, _ in 5 + Double(x % 2) })
    #expect(abs(columns.columns - 1) < 1e-12 && abs(columns.rows) < 1e-12 && abs(columns.share - 1) < 1e-12)
    let rows = try #require(chessboard(width, height) { _, y in Double(y % 2) * -3 })
    #expect(abs(rows.columns) < 1e-12 && abs(rows.rows - 1) < 1e-12 && abs(rows.share - 1) < 1e-12)
    let both = try #require(chessboard(width, height) { x, y in Double((x + y) % 2) })
    #expect(abs(both.columns - 1) < 1e-12 && abs(both.rows - 1) < 1e-12 && abs(both.share - 1) < 1e-12)
  }

  /// What a decoder draws whose even positions get one tap of two: dots.
  @Test func dotsAreSharedOut() throws {
    let dots = try #require(chessboard(8, 8) { x, y in x % 2 == 1 && y % 2 == 1 ? 1 : 0 })
    // 1/4 (1 − a)(1 − b) of alternating a and b: a, b and ab with equal power.
    #expect(abs(dots.columns - 2.0 / 3) < 1e-12 && abs(dots.rows - 2.0 / 3) < 1e-12)
    #expect(abs(dots.share - 1) < 1e-12 && abs(dots.whiteNoise - 15.0 / 63) < 1e-12)
  }

  @Test func smoothMapsHaveNextToNone() throws {
    let hill = try #require(
      chessboard(16, 12) { x, y in exp(-(pow(Double(x) - 7, 2) + pow(Double(y) - 4, 2)) / 8) })
    #expect(hill.share < 1e-3)
    let wave = try #require(chessboard(8, 8) { x, _ in cos(2 * .pi * Double(x) / 8) })
    #expect(abs(wave.share) < 1e-6)
  }

  @Test func whiteNoiseHasWhatIsSaid() throws {
    var generator = SeededGenerator(seed: 3, place: 0)
    var sum = 0.0
    for _ in 0..<400 {
      sum += try #require(chessboard(8, 10) { _, _ in generator.uniform() }).share
    }
    let expected = try #require(chessboard(8, 10) { x, _ in Double(x) }).whiteNoise
    // The standard deviation of one share is about 0.05.
    #expect(abs(expected - 17.0 / 79) < 1e-12 && abs(sum / 400 - expected) < 0.012)
  }

  @Test func nothingIsSaidWithoutVariance() {
    #expect(chessboard(8, 8) { _, _ in 0 } == nil && chessboard(5, 4) { _, _ in 1234.567 } == nil)
    #expect(chessboard(1, 8) { _, y in Double(y) } == nil && chessboard(8, 1) { x, _ in Double(x) } == nil)
    #expect(chessboard(4, 4) { x, _ in x == 2 ? .nan : 1 } == nil)
    #expect(chessboard(4, 4) { x, _ in x == 2 ? .infinity : 1 } == nil)
  }
}
