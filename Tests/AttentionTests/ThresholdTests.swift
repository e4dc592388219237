import Attention
import Images
import Testing

@Suite struct ThresholdTests {
  private let map = FloatMap(width: 5, height: 2, values: [0, 0, 1, 2, 0, 0, 1, 9, 8, 9])

  @Test func levelsAreThoseOfNumPy() {
    #expect(Threshold.mean.level(of: map) == 3)
    #expect(Threshold.quantile(0).level(of: map) == 0)
    #expect(Threshold.quantile(1).level(of: map) == 9)
    #expect(Threshold.quantile(0.5).level(of: map) == 1)
    // numpy.quantile(values, 0.65) == 1.85
    #expect(abs(Threshold.quantile(0.65).level(of: map) - 1.85) < 1e-6)
    #expect(Threshold.value(2.5).level(of: map) == 2.5)
  }

  @Test func otsuPartsTwoHeaps() {
    let level = Threshold.otsu.level(of: map)
    #expect(
      map.mask(above: level).values == [false, false, false, false, false, false, false, true, true, true])
    #expect(Threshold.otsu.level(of: FloatMap(width: 2, height: 1, values: [4, 4])) == 4)
  }

  @Test func masksLieStrictlyAbove() {
    let flat = FloatMap(width: 2, height: 2, values: [7, 7, 7, 7])
    #expect(flat.mask(above: Threshold.mean.level(of: flat)).areaShare == 0)
  }

  @Test func valuesThatAreNotFiniteDoNotCount() {
    let odd = FloatMap(width: 2, height: 2, values: [.nan, 2, .infinity, 4])
    for rule in [Threshold.mean, .otsu, .quantile(0.5)] { #expect(rule.level(of: odd).isFinite) }
    #expect(Threshold.mean.level(of: odd) == 3)
    #expect(odd.mask(above: 3).values == [false, false, true, true])
    #expect(Threshold.mean.level(of: FloatMap(width: 1, height: 1, values: [.nan])) == 0)
  }

  @Test func textIsReadAndWritten() throws {
    for text in ["mean", "otsu", "quantile:0.9", "value:-3.5"] { #expect(try Threshold(text).name == text) }
    for text in ["", "Mean", "quantile", "quantile:2", "quantile:x", "value:", "value:nan", "mean:1"] {
      #expect(throws: AttentionError.unknownThreshold(text)) { try Threshold(text) }
    }
  }

  @Test func conditionsAreNamed() {
    #expect(MapCondition(of: map) == nil)
    #expect(MapCondition(of: FloatMap(width: 2, height: 1, values: [0, 0])) == .blank)
    #expect(MapCondition(of: FloatMap(width: 2, height: 1, values: [3, 3])) == .constant)
    #expect(MapCondition(of: FloatMap(width: 1, height: 1, values: [3])) == .constant)
    #expect(MapCondition(of: FloatMap(width: 2, height: 1, values: [3, .nan])) == .nonFinite)
  }
}
