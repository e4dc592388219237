import EDViz
import Foundation
import Testing

/// Scores against those that NumPy computes from the same raw maps (Reference/localisation.py).
@Suite struct LocalisationReferenceTests {
  struct Reference: Decodable {
    struct Rule: Decodable {
      var threshold, comparison, at, component, resizing: String
      var connectivity: Int

      func maskProtocol() throws -> MaskProtocol {
        MaskProtocol(
          threshold: try Threshold(threshold),
          comparison: try #require(MaskProtocol.Comparison(rawValue: comparison)),
          resolution: try #require(MaskProtocol.Resolution(rawValue: at)),
          component: try #require(ComponentRule(rawValue: component)),
          connectivity: try #require(Connectivity(rawValue: connectivity)),
          resizing: try #require(MaskProtocol.Resizing(rawValue: resizing)))
      }
    }
    struct Scores: Decodable {
      var maskArea, boxIou, largestBoxIou, averagePrecision, maskIou, energy: Double
      var intersection, union, partsHit: Int
      var pointing: Bool
      var curve: [Double]
    }
    struct Case: Decodable {
      var kind: String
      var number: Int
      var region: [Int]
      var box: [Int]?
      var parts: [[Double]]
      var tolerance: Double
      var rule: Rule
      var scores: Scores
    }
    struct Sample: Decodable {
      var first, third, above, below: [Double]
      var second: [Double?]
      var intervals: [[Double]]
      var p: Double
    }
    var cases: [Case]
    var bootstrap: Sample
  }

  static let folder = (Bundle.module.resourcePath ?? ".") + "/Fixtures/localisation"

  static func reference() throws -> Reference {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/scores.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Reference.self, from: bytes)
  }

  private func box(_ edges: [Int]) -> Box { Box(x0: edges[0], y0: edges[1], x1: edges[2], y1: edges[3]) }

  @Test func everyScoreIsNumPys() throws {
    let cases = try Self.reference().cases
    #expect(cases.count == 28)
    for one in cases {
      let map = try NumPyArray(contentsOf: "\(Self.folder)/\(one.number)-map.npy")
      let marked = try NumPyArray(contentsOf: "\(Self.folder)/\(one.number)-mask.npy")
      let mask = Mask(
        width: marked.shape[1], height: marked.shape[0], values: marked.elements.map { $0 > 0.5 })
      let object = MarkedObject(
        mask: mask, box: one.box.map(box), parts: one.parts.map { PicturePoint(x: $0[0], y: $0[1]) })
      let (score, counts) = object.score(
        of: FloatMap(width: map.shape[1], height: map.shape[0], values: map.elements),
        in: box(one.region), rule: try one.rule.maskProtocol(), tolerance: one.tolerance)
      let expected = one.scores
      let name = Comment(rawValue: "\(one.kind), \(one.rule)")
      #expect(score.intersection == expected.intersection && score.union == expected.union, name)
      #expect(abs(score.iou - expected.maskIou) < 1e-6, name)
      #expect(abs(score.areaShare - expected.maskArea) < 1e-6, name)
      #expect(abs(score.box - expected.boxIou) < 1e-6, name)
      #expect(abs(score.largestBox - expected.largestBoxIou) < 1e-6, name)
      #expect(abs((score.averagePrecision ?? -1) - expected.averagePrecision) < 1e-6, name)
      #expect(abs((score.energy ?? -1) - expected.energy) < 1e-6, name)
      #expect(score.pointing == expected.pointing, name)
      #expect(score.partsHit == expected.partsHit && score.partsVisible == one.parts.count, name)
      var curve = ThresholdCurve()
      curve.add(counts)
      for (value, wanted) in zip(curve.values(.pictures), expected.curve) {
        #expect(abs(value - wanted) < 1e-6, name)
      }
      #expect(curve.values(.pixels) == curve.values(.pictures))
      #expect(curve.best(.pictures).iou == curve.values(.pictures).max())
    }
  }

  /// Ends of intervals from 20,000 other draws lie within a few hundredths of their width.
  @Test func intervalsAreNumPys() throws {
    let sample = try Self.reference().bootstrap
    let columns = [
      RatioColumn(meanOf: sample.first), RatioColumn(meanOf: sample.second.map { $0 ?? .nan }),
      RatioColumn(numerators: sample.above, denominators: sample.below), RatioColumn(meanOf: sample.third),
    ]
    let values = Bootstrap(resamples: 20_000, seed: 3).values(of: columns)
    let differences = zip(values[3], values[0]).map { $0 - $1 }
    for (found, expected) in zip(values[..<3] + [differences], sample.intervals) {
      let interval = try #require(Bootstrap.interval(of: found))
      let width = expected[1] - expected[0]
      #expect(
        abs(interval.low - expected[0]) < 0.04 * width && abs(interval.high - expected[1]) < 0.04 * width)
    }
    let p = SignFlipTest(permutations: 20_000, seed: 3).pValues(of: [
      (columns[0], columns[3]), (columns[0], columns[0]), (columns[3], columns[0]),
    ])
    #expect(abs((p[0] ?? -1) - sample.p) < 0.01 && p[1] == 1 && p[2] == p[0])
  }
}

@Suite struct BootstrapTests {
  @Test func drawsFollowFromTheSeedAlone() {
    let column = RatioColumn(meanOf: (0..<37).map { Double($0 * $0 % 11) })
    let first = Bootstrap(resamples: 50, seed: 1).values(of: [column])
    #expect(Bootstrap(resamples: 50, seed: 1).values(of: [column, column])[1] == first[0])
    #expect(Bootstrap(resamples: 50, seed: 2).values(of: [column]) != first)
    #expect(first[0].allSatisfy { (0...10).contains($0) })
  }

  @Test func nothingHasNoValue() {
    let (none, one) = (RatioColumn(meanOf: [.nan, .nan]), RatioColumn(meanOf: [1, 2]))
    #expect(none.value == nil && one.value == 1.5)
    #expect(Bootstrap.interval(of: Bootstrap(resamples: 100).values(of: [none])[0]) == nil)
    #expect(SignFlipTest().pValues(of: [(one, none)])[0] == nil)
    #expect(Bootstrap().values(of: [RatioColumn(meanOf: [])]) == [[]])
  }

  /// A pooled ratio is that of whole sums, and exchanging pairs of two equal columns changes nothing.
  @Test func ratiosArePooled() {
    let pooled = RatioColumn(numerators: [1, 30], denominators: [2, 40])
    #expect(pooled.value == 31.0 / 42)
    #expect(RatioColumn(meanOf: [0.5, 0.75, .nan]).value == 0.625)
  }
}
