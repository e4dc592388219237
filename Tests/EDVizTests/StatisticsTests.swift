import EDViz
import Foundation
import Testing

/// Statistics of the bundled model over four photographs against NumPy, which computed them from exported activations
/// (Reference/make_statistics.py).
@Suite struct StatisticsTests {
  private struct Expected: Decodable {
    struct Channels: Decodable {
      let positive, mean, deviation: [Double]
    }
    struct Row: Decodable {
      let block, branch: String
      let rectified: Bool
      let positive, mean, meanAbsolute, rootMeanSquare, rootMeanSquareToX, meanAbsoluteToX: Double
      let positiveOfPictures: [Double]
      let dead: Int
      let hoyer, entropy, relativeEntropy: Double
      let withoutPositivePart: Int
      let chessboard: [Double]
      let channels: Channels
    }
    let pictures: [String]
    let rows: [Row]
  }

  private static func expected() throws -> Expected {
    let url = Bundle.module.url(forResource: "statistics", withExtension: "json", subdirectory: "Fixtures")
    return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: #require(url)))
  }

  private static let photos = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Examples/Photos").path

  private static func run(_ names: [String], batch: Int, limit: Int? = nil, taps: [Tap]? = nil) throws
    -> StatisticsRun
  {
    let session = AttentionSession(model: try Model.bundled())
    return StatisticsRun(
      session: session, pictures: try DatasetSource.pictures(names.map { "\(photos)/\($0)" }),
      taps: try taps ?? Tap.all(of: session.model.network, blocks: [], branches: []), batch: batch,
      limit: limit
    )
  }

  /// Batches change the order of sums, and values within rounding of 0 may change sides, hence the tolerances.
  @Test(arguments: [1, 3]) func agreesWithNumPy(batch: Int) throws {
    let expected = try Self.expected()
    var shares: [[PictureActivation?]] = []
    let found = try #require(
      try Self.run(expected.pictures, batch: batch).run(seen: { shares.append($0.activations) }))
    #expect(found.rows.count == expected.rows.count && expected.rows.count == 56)
    for (index, row) in found.rows.enumerated() {
      let (branch, name) = (found[row], "\(row.block.name) \(row.branch.name)")
      let right = try #require(
        expected.rows.first { $0.block == row.block.name && $0.branch == row.branch.name })
      let total = branch.total
      func check(_ value: Double, _ wanted: Double, of scale: Double, _ what: String) {
        #expect(
          abs(value - wanted) <= 2e-5 * max(abs(scale), 1e-9), "\(name): \(what) \(value), not \(wanted)")
      }
      #expect(branch.pictures == 4 && branch.notFinite == 0 && branch.isRectified == right.rectified)
      #expect(abs(total.positiveShare - right.positive) <= 1e-4)
      for (picture, share) in right.positiveOfPictures.enumerated() {
        let own = try #require(shares[picture][index])
        #expect(abs(own.positiveShare - share) <= 3e-4, "\(name)")
      }
      check(total.mean, right.mean, of: right.meanAbsolute, "mean")
      check(total.meanAbsolute, right.meanAbsolute, of: right.meanAbsolute, "mean absolute")
      check(total.rootMeanSquare, right.rootMeanSquare, of: right.rootMeanSquare, "RMS")
      let ratios = try #require(found.ratios(row))
      check(ratios.rootMeanSquare, right.rootMeanSquareToX, of: right.rootMeanSquareToX, "RMS to x")
      check(ratios.meanAbsolute, right.meanAbsoluteToX, of: right.meanAbsoluteToX, "mean absolute to x")
      check(branch.sparsity.mean.mean, right.hoyer, of: 1, "Hoyer")
      check(branch.entropy.mean, right.entropy, of: right.entropy + 1, "entropy")
      check(branch.relativeEntropy.mean.mean, right.relativeEntropy, of: 1, "relative entropy")
      check(branch.chessboardColumns.mean, right.chessboard[0], of: 1, "chessboard of columns")
      check(branch.chessboardRows.mean, right.chessboard[1], of: 1, "chessboard of rows")
      check(branch.chessboard.mean.mean, right.chessboard[2], of: 1, "chessboard")
      #expect(branch.withoutPositivePart == right.withoutPositivePart)
      #expect(branch.deadChannels.count { $0 } == right.dead, "\(name)")
      for channel in right.channels.mean.indices {
        let own = branch.channels[channel]
        #expect(abs(own.positiveShare - right.channels.positive[channel]) <= 1e-3)
        check(own.mean, right.channels.mean[channel], of: right.rootMeanSquare, "mean of a channel")
        check(
          own.standardDeviation, right.channels.deviation[channel], of: right.rootMeanSquare,
          "deviation of a channel")
      }
      #expect(branch.positiveShares.counts.reduce(0, +) == 4)
    }
  }

  /// Branches that a block never forms are sums of those that it does.
  @Test func derivedBranchesAreSums() throws {
    let branches: [AttentionBranch] = [.transformAndDecoder, .inputAndTransform, .branch(.sum)]
    let taps = ["layer2.0", "last"].flatMap { block in branches.map { Tap(block: block, branch: $0) } }
    let session = AttentionSession(model: try Model.bundled())
    let photo = try Image(contentsOf: Self.photos + "/chelsea.jpg")
    let images = session.model.preprocessing.tensor(of: session.model.preprocessing.fitted(photo))
    var statistics = try ActivationStatistics(session.model.network, taps: taps)
    _ = try statistics.add(images, session: session)
    let direct = try session.activations(of: taps, logits: false, images: images).activations
    for (row, tap) in zip(statistics.rows, taps) {
      let values = try #require(direct[tap]).elements
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      #expect(abs(statistics[row].total.mean - mean) < 1e-5)
      #expect(statistics[row].total.count == Double(values.count))
    }
  }

  @Test func limitsAreSpreadEvenly() throws {
    let names = (0..<10).map { "none-\($0).jpg" }
    #expect(try Self.run(names, batch: 4).positions == Array(0..<10))
    #expect(try Self.run(names, batch: 4, limit: 3).positions == [0, 3, 6])
    #expect(try Self.run(names, batch: 4, limit: 99).positions.count == 10)
  }

  @Test func badPicturesStopNothing() throws {
    var failed: [Int] = []
    var seen: [Int] = []
    let run = try Self.run(["chelsea.jpg", "none.jpg", "coffee.jpg"], batch: 8, taps: [Tap()])
    let found = try #require(
      try run.run(seen: { seen.append($0.position) }, failed: { position, _ in failed.append(position) }))
    #expect(seen == [0, 2] && failed == [1])
    #expect(found[found.rows[0]].pictures == 2)
  }

  @Test func stopsWhenAsked() throws {
    let stop = StopRequest()
    stop.request()
    #expect(try Self.run(["chelsea.jpg"], batch: 1, taps: [Tap()]).run(stop: stop) == nil)
  }
}
