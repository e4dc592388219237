import EDNets
import Images
import Networks
import Tensors
import Testing

/// Every branch of the paper's networks against an independent PyTorch implementation, on both backends.
///
/// Tolerance: 1e-4 of each tensor's mean absolute value. Both sides compute in float32 and sum in another order;
/// the worst error that is met is printed.
@Suite struct GoldenForwardTests {
  static let tolerance = 1e-4

  @Test func casesAreThere() {
    #expect(GoldenCase.forward.count == 17)
  }

  @Test(arguments: GoldenCase.forward, ["onednn", "openblas"])
  func tapsAgree(golden: GoldenCase, backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let network = try Network(ModelRegistry.description(named: golden.model))
    GoldenGenerator.fill(network, seed: golden.seed)
    let input = GoldenGenerator.tensor(named: "input", shape: golden.input, seed: golden.seed)
    let evaluator = Evaluator(network.graph, backend: backend)

    var worst = 0.0
    let wanted = Set(network.blocks.flatMap { $0.taps.values } + [network.logits])
    let values = try evaluator.values(of: wanted, images: input.channelsLast())
    worst = max(worst, try compare(values[network.logits], golden.logits, "logits"))
    for block in golden.blocks {
      for (name, expected) in block.taps {
        let branch = try #require(Branch(rawValue: name))
        let node = try #require(network.blocks[block.index].taps[branch])
        worst = max(worst, try compare(values[node]?.channelsFirst(), expected, "\(block.index) \(name)"))
      }
      #expect(block.taps.count == network.blocks[block.index].taps.count)
    }

    // The fused plan, in which no tap is wanted, gives the same logits.
    let fused = try evaluator.values(of: [network.logits], images: input.channelsLast())
    worst = max(worst, try compare(fused[network.logits], golden.logits, "fused logits"))

    let last = network.blocks[network.blocks.count - 1]
    for (name, expected) in golden.depthSum {
      let branch = try #require(Branch(rawValue: name))
      let node = try #require(last.taps[branch])
      let sum = try #require(values[node]).channelSum()
      #expect(Array(sum.shape.dropFirst()) == golden.depthSumSize)
      let scale = expected.map { Double(abs($0)) }.reduce(0, +) / Double(expected.count)
      for (position, value) in expected.enumerated() {
        worst = max(worst, Double(abs(sum[position] - value)) / scale)
      }
      guard name == "output" else { continue }
      // The attention mask of the first image: strictly above the mean of the map.
      let map = FloatMap(
        width: golden.depthSumSize[1], height: golden.depthSumSize[0],
        values: sum.elements.prefix(expected.count).map(\.self))
      let threshold = map.values.reduce(0) { $0 + Double($1) } / Double(map.values.count)
      worst = max(worst, abs(threshold - golden.meanThreshold) / abs(golden.meanThreshold))
      #expect(map.values.map { Double($0) > threshold ? 1 : 0 } == golden.maskAboveMean)
    }
    print("\(golden.testDescription) on \(backendName): worst error \(worst) of the mean absolute value")
    #expect(worst < Self.tolerance)
  }

  /// The largest difference, as a share of the expected mean absolute value.
  private func compare(_ actual: Tensor?, _ expected: GoldenCase.Values, _ name: String) throws -> Double {
    let actual = try #require(actual)
    // Comparisons pass over NaN.
    #expect(actual.withUnsafeElements { $0.allSatisfy(\.isFinite) }, "\(name)")
    #expect(actual.shape == expected.shape, "\(name)")
    var worst = 0.0
    for (position, value) in zip(expected.index, expected.value) {
      worst = max(worst, Double(abs(actual[position] - value)) / expected.meanAbs)
    }
    let statistics = actual.withUnsafeElements { elements in
      var (sum, absolute, positive) = (0.0, 0.0, 0)
      for element in elements {
        sum += Double(element)
        absolute += Double(abs(element))
        positive += element > 0 ? 1 : 0
      }
      return (sum, absolute, positive)
    }
    let count = Double(actual.count)
    worst = max(worst, abs(statistics.0 / count - expected.mean) / expected.meanAbs)
    worst = max(worst, abs(statistics.1 / count - expected.meanAbs) / expected.meanAbs)
    // A value within rounding of zero may change sides.
    #expect(abs(Double(statistics.2) / count - expected.positive) <= max(1e-4, 1 / count), "\(name)")
    #expect(worst < Self.tolerance, "\(name)")
    return worst
  }
}
