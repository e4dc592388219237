import Glibc
import Tensors
import Testing

@testable import Attention

@Suite struct BranchStatisticsTests {
  /// [N, 1, 2, 2]: two positions, two channels.
  private func branch(_ values: [Float], rectified: Bool) -> BranchStatistics {
    var statistics = BranchStatistics(isRectified: rectified)
    _ = statistics.add(Tensor(values, shape: [values.count / 4, 1, 2, 2]))
    return statistics
  }

  @Test func deadChannelsSayNothing() {
    #expect(branch([0, 1, 0, 0, 0, 0, 0, 2], rectified: true).deadChannels == [true, false])
    // A constant is dead where values may be negative, however large it is.
    let constant: Float = 1234.567
    #expect(
      branch([constant, 1, constant, 1.01, constant, 1, constant, 1], rectified: false).deadChannels == [
        true, false,
      ])
    #expect(branch([0, -1, 0, -2, 0, -1, 0, -1], rectified: false).deadChannels == [true, false])
  }

  @Test func extremesOfSparsityAndEntropy() throws {
    var even = BranchStatistics(isRectified: true)
    let flat = try #require(even.add(Tensor(repeating: 3, shape: [1, 4, 8, 2]))[0])
    let flatHoyer = try #require(flat.hoyer)
    #expect(abs(flatHoyer) < 1e-12 && flat.positiveShare == 1)
    let (bits, relative) = (try #require(flat.entropy), try #require(flat.relativeEntropy))
    #expect(abs(bits - 5) < 1e-6 && abs(relative - 1) < 1e-6)
    var values = [Float](repeating: 0, count: 64)
    values[17] = 2
    let single = try #require(even.add(Tensor(values, shape: [1, 4, 8, 2]))[0])
    let singleHoyer = try #require(single.hoyer)
    #expect(abs(singleHoyer - 1) < 1e-12 && single.entropy == 0)
    #expect(even.sparsity.counts[0] == 1 && even.sparsity.counts[ShareDistribution.bins - 1] == 1)
    let nothing = try #require(even.add(Tensor(repeating: 0, shape: [1, 4, 8, 2]))[0])
    #expect(nothing.hoyer == nil && nothing.entropy == nil && even.withoutPositivePart == 1)
    let cell = try #require(even.add(Tensor([1, 2], shape: [1, 1, 1, 2]))[0])
    #expect(cell.entropy == 0 && cell.relativeEntropy == nil)
  }

  @Test func picturesThatAreNotFiniteAreLeftOut() {
    var statistics = BranchStatistics(isRectified: false)
    let found = statistics.add(
      Tensor([1, 2, 3, 4, .nan, 1, 1, 1, 1, -.infinity, 1, 1, 5, 6, 7, 8], shape: [4, 1, 2, 2]))
    #expect(found.map { $0 == nil } == [false, true, true, false])
    #expect(statistics.notFinite == 2 && statistics.pictures == 2)
    #expect(statistics.total.sum == 36 && statistics.total.count == 8)
  }

  @Test func meanAndDeviationArriveOneByOne() {
    var mean = RunningMean()
    #expect(mean.mean == 0 && mean.standardDeviation == 0)
    for value in [1e9 + 1, 1e9 + 2, 1e9 + 4, 1e9 + 5] { mean.add(value) }
    #expect(abs(mean.mean - 1e9 - 3) < 1e-6 && abs(mean.standardDeviation - 2.5.squareRoot()) < 1e-6)
  }

  @Test func binsHoldTheirLowerEnds() {
    var shares = ShareDistribution()
    for share in [0, 0.02, 0.039, 0.5, 1, 1 + 1e-9, -1e-9] { shares.add(share) }
    #expect(
      shares.counts[0] == 2 && shares.counts[1] == 2 && shares.counts[25] == 1 && shares.counts[49] == 2)
  }
}
