import EDViz
import Testing

/// What a benchmark says of a network, apart from the times.
@Suite struct ForwardBenchmarkTests {
  private static func measured(_ name: String, size: Int, taps: Bool = false, batch: Int = 1) throws -> (
    Network, ForwardBenchmark
  ) {
    let network = try Network(ModelRegistry.description(named: name))
    Initializer.fill(network.parameters, seed: 1)
    var setting = ForwardBenchmark.Setting(size: Size2D(size))
    (setting.runs, setting.taps, setting.batch) = (3, taps, batch)
    return (network, try ForwardBenchmark(network, setting))
  }

  @Test(arguments: [("cifar-ed-resnet20", false), ("cifar-ed-resnet20", true), ("cifar-resnet20", false)])
  func partsAddUpToTheWhole(name: String, taps: Bool) throws {
    let (network, result) = try Self.measured(name, size: 32, taps: taps, batch: 2)
    let summary = NetworkSummary(network, input: Size2D(32))
    // Times: no part is outside the pass.
    let sum = result.parts.map { $0.cost.milliseconds }.reduce(0, +)
    #expect(sum > 0 && sum <= result.meanPass && result.rest >= 0)
    #expect(abs(sum + result.rest - result.meanPass) <= 1e-9 * result.meanPass)
    #expect(result.meanPass <= result.latency.median && result.latency.least <= result.meanPass)
    #expect(result.latency.count == 3 && result.peak.count == 3)
    // Work: nothing is left out and nothing counted twice.
    let work = result.parts.map { $0.cost.multiplyAccumulates }.reduce(0, +)
    #expect(work == 2 * summary.multiplyAccumulates && work == result.multiplyAccumulates)
    for block in summary.blocks {
      let costs = result.total { $0.block == block.name }
      #expect(costs.multiplyAccumulates == 2 * block.multiplyAccumulates)
      let path = result.total { $0.block == block.name && [.encoder, .decoder].contains($0.branch) }
      #expect(path.multiplyAccumulates == 2 * block.pathMultiplyAccumulates)
    }
    #expect(result.gigaflops == 2 * Double(work) / result.latency.median / 1e6)
    #expect(result.peakMemory > 1 << 20)
  }

  @Test func everyBranchHasItsPart() throws {
    let (network, result) = try Self.measured("cifar-ed-resnet20", size: 32)
    for (index, block) in network.blocks.enumerated() {
      let branches = result.parts.filter { $0.block == block.name }.compactMap { $0.branch }
      // The first blocks of the second and third stage project their input.
      let expected: [Branch] = [3, 6].contains(index) ? [.shortcut] : []
      #expect(branches == expected + [.transform, .encoder, .decoder])
    }
    // Decoders add and clamp by themselves, until a tap wants the values before.
    let tapped = try Self.measured("cifar-ed-resnet20", size: 32, taps: true).1
    #expect(tapped.parts.contains { $0.branch == .sum })
    #expect(result.parts.first?.block == "stem" && result.parts.last?.block == "head")
    // So do a plain network's convolutions.
    let plain = try Self.measured("cifar-resnet20", size: 32).1
    #expect(!plain.parts.contains { $0.branch == .sum })
    #expect(try Self.measured("cifar-resnet20", size: 32, taps: true).1.parts.contains { $0.branch == .sum })
  }

  @Test func spreadIsOfSortedValues() {
    #expect(Spread([3, 1, 2]) == Spread([2, 3, 1]))
    let spread = Spread([5, 1, 4, 2])
    #expect((spread.median, spread.least, spread.most, spread.count) == (4, 1, 5, 4))
  }
}
