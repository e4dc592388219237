import Attention
import Images
import Testing

@Suite struct OverlapTests {
  private func mask(_ rows: [String]) -> Mask {
    Mask(width: rows[0].count, height: rows.count, values: rows.joined().map { $0 == "#" })
  }

  @Test func masksAreCountedByHand() {
    let one = mask(["##.", "##.", "..."])
    #expect(one.intersectionOverUnion(with: one) == 1)
    #expect(one.intersectionOverUnion(with: mask(["..#", "..#", "###"])) == 0)
    #expect(one.intersectionOverUnion(with: mask([".##", ".##", "..."])) == 2.0 / 6)
    let empty = mask(["...", "...", "..."])
    #expect(one.intersectionOverUnion(with: empty) == 0)
    #expect(empty.intersectionOverUnion(with: empty) == 0)
  }

  @Test func boxesAreCountedByHand() {
    let box = Box(x0: 1, y0: 1, x1: 5, y1: 3)
    #expect(box.area == 8)
    #expect(box.intersectionOverUnion(with: box) == 1)
    #expect(box.intersectionOverUnion(with: Box(x0: 3, y0: 0, x1: 7, y1: 2)) == 2.0 / 14)
    // Sides that touch, corners that touch, and far away.
    for other in [
      Box(x0: 5, y0: 1, x1: 9, y1: 3), Box(x0: 5, y0: 3, x1: 6, y1: 4), Box(x0: 50, y0: 50, x1: 60, y1: 60),
      Box(x0: 2, y0: 2, x1: 2, y1: 3), Box(x0: 4, y0: 2, x1: 3, y1: 1),
    ] {
      #expect(box.intersectionOverUnion(with: other) == 0)
      #expect(other.intersectionOverUnion(with: box) == 0)
    }
    let nothing = Box(x0: 0, y0: 0, x1: 0, y1: 0)
    #expect(nothing.intersectionOverUnion(with: nothing) == 0)
  }

  @Test func filledBoxesAndTheirMasksAgree() {
    let (one, other) = (Box(x0: 1, y0: 0, x1: 6, y1: 4), Box(x0: 3, y0: 2, x1: 9, y1: 7))
    let masks = [one, other].map { Mask(filling: $0, width: 10, height: 8) }
    #expect(masks[0].boundingBox == one)
    #expect(masks[0].intersectionOverUnion(with: masks[1]) == one.intersectionOverUnion(with: other))
    #expect(
      Mask(filling: Box(x0: -2, y0: 1, x1: 2, y1: 9), width: 3, height: 3) == mask(["...", "##.", "##."]))
    #expect(Mask(filling: Box(x0: 3, y0: 0, x1: 9, y1: 9), width: 3, height: 2) == mask(["...", "..."]))
  }

  @Test func partsFindTheirPlace() {
    let part = mask(["#.", "##"])
    let placed = part.placed(at: Box(x0: 2, y0: 1, x1: 4, y1: 3), inWidth: 4, height: 4)
    #expect(placed == mask(["....", "..#.", "..##", "...."]))
    #expect(part.placed(at: Box(x0: 0, y0: 0, x1: 2, y1: 2), inWidth: 2, height: 2) == part)
  }
}

@Suite struct TrivialMaskTests {
  @Test func areasAreWholeAndHalf() {
    #expect(TrivialMask.whole.box(width: 7, height: 5) == Box(x0: 0, y0: 0, x1: 7, y1: 5))
    #expect(TrivialMask.center.box(width: 100, height: 64) == Box(x0: 14, y0: 9, x1: 85, y1: 54))
    for (width, height) in [(448, 300), (64, 64), (33, 1000)] {
      let box = TrivialMask.center.box(width: width, height: height)
      // A side is off by half a pixel at most.
      let error = Double(box.area) / Double(width * height) - 0.5
      #expect(abs(error) <= 0.5 * (1 / Double(width) + 1 / Double(height)))
      #expect(abs(box.x0 - (width - box.x1)) <= 1 && abs(box.y0 - (height - box.y1)) <= 1)
    }
    #expect(TrivialMask.center.box(width: 1, height: 1).area == 1)
  }
}

@Suite struct LocalisationScoreTests {
  /// Attention of 2 × 2 at the top left and of one position at the bottom right.
  private let map = FloatMap(
    width: 4, height: 4, values: [9, 9, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9])
  private let whole = Box(x0: 0, y0: 0, x1: 4, y1: 4)

  @Test func boxesOfAllPartsAndOfTheLargest() {
    let object = MarkedObject(box: Box(x0: 0, y0: 0, x1: 2, y1: 4), width: 4, height: 4)
    let all = object.score(of: map, in: whole, rule: MaskProtocol()).score
    #expect(all.areaShare == 5.0 / 16 && all.iou == 4.0 / 9)
    #expect(all.box == 8.0 / 16 && all.largestBox == 4.0 / 8)
    let largest = object.score(of: map, in: whole, rule: MaskProtocol(component: .largest)).score
    #expect(largest.areaShare == 4.0 / 16 && largest.iou == 4.0 / 8)
    #expect(largest.box == all.box && largest.largestBox == all.largestBox)
    // Five pixels of one value, four of them the object's, then the other eleven.
    #expect(all.averagePrecision == 0.5 * 0.8 + 0.5 * 8 / 16 && all.energy == 0.8 && all.pointing == true)
  }

  /// The box of an object is what was marked, or else the one around its pixels.
  @Test func masksHaveBoxes() {
    let mask = Mask(width: 4, height: 4, values: (0..<16).map { $0 < 4 })
    let around = MarkedObject(mask: mask).score(of: map, in: whole, rule: MaskProtocol()).score
    #expect(around.iou == 2.0 / 7 && around.box == 4.0 / 16 && around.largestBox == 2.0 / 6)
    let marked = MarkedObject(mask: mask, box: Box(x0: 0, y0: 0, x1: 2, y1: 2))
    let score = marked.score(of: map, in: whole, rule: MaskProtocol()).score
    #expect(score.iou == 2.0 / 7 && score.largestBox == 1)
    #expect(MarkedObject(mask: mask).score(of: whole).iou == 4.0 / 16)
  }

  /// What the network did not see counts as without attention, below every value that it has.
  @Test func partsOfPicturesAreScoredInTheWhole() {
    let object = MarkedObject(box: Box(x0: 2, y0: 0, x1: 4, y1: 2), width: 6, height: 4)
    let region = Box(x0: 1, y0: 0, x1: 5, y1: 4)
    let (score, counts) = object.score(of: map, in: region, rule: MaskProtocol())
    #expect(score.iou == 2.0 / 7 && score.largestBox == 2.0 / 6 && score.areaShare == 5.0 / 24)
    #expect(counts.intersections[0] == 2 && counts.unions[0] == 7 && counts.unions[100] == 4)
    let beside = MarkedObject(box: Box(x0: 0, y0: 0, x1: 1, y1: 4), width: 6, height: 4)
    let missed = beside.score(of: map, in: region, rule: MaskProtocol(comparison: .atLeast))
    #expect(missed.score.averagePrecision == 4.0 / 24 && missed.thresholds.intersections[0] == 0)
  }

  @Test func emptyMasksScoreNothing() {
    let object = MarkedObject(box: whole, width: 4, height: 4, parts: [PicturePoint(x: 1, y: 1)])
    let score = object.score(of: map, in: whole, rule: MaskProtocol(threshold: .value(100))).score
    #expect(score.iou == 0 && score.box == 0 && score.largestBox == 0 && score.areaShare == 0)
    #expect(score.partsHit == 0 && score.partsVisible == 1)
  }

  /// 0, −0 and NaN have their places in the order of values.
  @Test func averagePrecisionOrdersAllFloats() {
    func precision(_ values: [Float], _ object: [Bool]) -> Double {
      FloatMap(width: values.count, height: 1, values: values)
        .averagePrecision(of: Mask(width: object.count, height: 1, values: object))
    }
    #expect(precision([-1, .nan, 3], [false, false, true]) == 1)
    #expect(precision([-1, .nan, 3], [false, true, false]) == 1.0 / 3)
    #expect(precision([0, -0.0], [true, false]) == 0.5)
    #expect(precision([-2, -1, -1e-30, 1e-30], [true, false, true, false]) == 0.5 * 0.5 + 0.5 * 0.5)
    #expect(precision([.infinity, -.infinity], [false, true]) == 0.5)
    #expect(precision([1, 2], [false, false]) == 0)
  }

  @Test func pointsMayBeNear() {
    var values = [Float](repeating: 0, count: 100)
    values[55] = 1
    let map = FloatMap(width: 10, height: 10, values: values)
    let object = Mask(width: 10, height: 10, values: (0..<100).map { $0 == 28 })
    // Three columns and three rows away.
    #expect(
      !map.pointsAt(object) && !map.pointsAt(object, tolerance: 4.2) && map.pointsAt(object, tolerance: 4.3))
    let nowhere = FloatMap(width: 10, height: 10, values: [Float](repeating: .nan, count: 100))
    #expect(!nowhere.pointsAt(object, tolerance: 99) && nowhere.energyShare(inside: object) == 0)
  }

  @Test func presetsHaveNames() {
    #expect(MaskProtocol().preset == .paper && MaskProtocol.Preset.scda.rule.preset == .scda)
    #expect(MaskProtocol(comparison: .atLeast).preset == nil)
    let ring = FloatMap(width: 2, height: 1, values: [1, 0])
    let rule = MaskProtocol(resolution: .featureMap, resizing: .bilinear)
    #expect(rule.mask(of: ring, width: 8, height: 1).mask.values.count { $0 } == 4)
    #expect(
      MaskProtocol(threshold: .value(1), comparison: .atLeast).mask(of: ring, width: 2, height: 1).mask.values
        == [true, false])
  }
}

/// Pixels that nobody decided about count nowhere.
@Suite struct IgnoredPixelTests {
  private let map = FloatMap(
    width: 4, height: 2, values: [9, 8, 7, 1, 6, 5, 2, 0])
  private let whole = Box(x0: 0, y0: 0, x1: 4, y1: 2)

  private func mask(_ rows: String...) -> Mask {
    Mask(width: rows[0].count, height: rows.count, values: rows.joined().map { $0 == "#" })
  }

  @Test func scoresAreThoseOfWhatIsLeft() {
    // The maximum and another bright pixel are ignored; the mean is 4.75.
    let object = MarkedObject(mask: mask("##..", "#..."), ignored: mask("#.#.", "...."))
    #expect(object.mask == mask(".#..", "#...") && object.box == Box(x0: 0, y0: 0, x1: 2, y1: 2))
    let (score, counts) = object.score(of: map, in: whole, rule: MaskProtocol())
    // The mask is 9 8 7 / 6 5, of which 8, 6 and 5 count.
    #expect(score.intersection == 2 && score.union == 3 && score.areaShare == 5.0 / 8)
    #expect(score.pointing == true && score.averagePrecision == 1)
    #expect(score.energy == 14.0 / 22)
    #expect(score.box == 1)
    #expect(counts.intersections[0] == 2 && counts.unions[0] == 5)
    // At 0.6 of the range 0 to 9 stand 9, 8, 7 and 6.
    #expect(counts.intersections[60] == 2 && counts.unions[60] == 2)
    let trivial = object.score(of: whole)
    #expect(trivial.intersection == 2 && trivial.union == 6 && trivial.iou == 2.0 / 6)
  }

  @Test func partsOnIgnoredPixelsAreNone() {
    let parts = [PicturePoint(x: 0.5, y: 0.5), PicturePoint(x: 1.5, y: 0.5), PicturePoint(x: 3.5, y: 1.5)]
    let object = MarkedObject(mask: mask("##..", "#..."), ignored: mask("#...", "...."), parts: parts)
    let score = object.score(of: map, in: whole, rule: MaskProtocol()).score
    #expect(score.partsHit == 1 && score.partsVisible == 2)
  }

  @Test func nothingIgnoredIsAsBefore() {
    let plain = MarkedObject(mask: mask("##..", "#..."))
    let object = MarkedObject(mask: mask("##..", "#..."), ignored: mask("....", "...."))
    #expect(object == plain && object.ignored == nil)
  }

  /// Where a box of the object lies, another that is ignored changes nothing.
  @Test func boxesOfTheObjectComeFirst() {
    let object = MarkedObject(
      boxes: [Box(x0: 0, y0: 0, x1: 2, y1: 1)], ignoredBoxes: [Box(x0: 1, y0: 0, x1: 4, y1: 1)], width: 4,
      height: 2)
    #expect(object.mask == mask("##..", "....") && object.ignored == mask("..##", "...."))
  }
}
