import Attention
import Images
import Testing

@Suite struct ComponentTests {
  private func mask(_ rows: [String]) -> Mask {
    Mask(width: rows[0].count, height: rows.count, values: rows.joined().map { $0 == "#" })
  }

  @Test func cornersJoinOnlyWithEightNeighbours() {
    let diagonal = mask(["#..#", ".##.", "...."])
    #expect(diagonal.componentSizes(connectivity: .eight) == [4])
    #expect(diagonal.componentSizes(connectivity: .four) == [1, 1, 2])
    #expect(diagonal.keeping(.largest, connectivity: .four) == mask(["....", ".##.", "...."]))
  }

  @Test func edgesDoNotWrap() {
    let sides = mask(["..#", "#..", "..#"])
    #expect(sides.componentSizes() == [1, 1, 1])
    // Of equals the first is kept.
    #expect(sides.keeping(.largest) == mask(["..#", "...", "..."]))
    #expect(sides.keeping(.all) == sides)
  }

  @Test func largeMasksNeedNoDeepStack() {
    let side = 1500
    let full = Mask(width: side, height: side, values: [Bool](repeating: true, count: side * side))
    #expect(full.componentSizes() == [side * side])
    #expect(full.areaShare == 1)
  }

  @Test func boxesAreTight() {
    #expect(mask(["....", ".#..", "...#"]).boundingBox == Box(x0: 1, y0: 1, x1: 4, y1: 3))
    #expect(mask(["...", "..."]).boundingBox == nil)
    #expect(mask(["..", "#."]).boundingBox == Box(x0: 0, y0: 1, x1: 1, y1: 2))
  }

  /// A feature map of 2 × 2 on a picture of 4 × 4: the two places of the threshold give different masks.
  @Test func resolutionMatters() {
    let map = FloatMap(width: 2, height: 2, values: [4, 0, 0, 0])
    let rule = Threshold.value(0.9)
    let (coarse, level) = MaskProtocol(threshold: rule, resolution: .featureMap).mask(
      of: map, width: 4, height: 4)
    #expect(level == 0.9)
    #expect(coarse == mask(["##..", "##..", "....", "...."]))
    let fine = MaskProtocol(threshold: rule).mask(of: map, width: 4, height: 4).mask
    #expect(fine == mask(["###.", "##..", "#...", "...."]))
  }
}
