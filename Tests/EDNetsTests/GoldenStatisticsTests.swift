import Attention
import Checkpoints
import EDNets
import Tensors
import Testing

/// The share of values above 0, and magnitudes, of every branch against PyTorch's.
@Suite struct GoldenStatisticsTests {
  @Test(arguments: GoldenCase.forward) func sparsityAgrees(golden: GoldenCase) throws {
    let description = try ModelRegistry.description(named: golden.model)
    let network = try Network(description)
    GoldenGenerator.fill(network, seed: golden.seed)
    let model = try Model(
      name: golden.model, description: description,
      checkpoint: Checkpoint(network.parameters.map { ($0.name, $0.value) }),
      preprocessing: Preprocessing(size: golden.input[2]), classes: [])
    let session = AttentionSession(model: model)
    var statistics = try ActivationStatistics(
      model.network, taps: Tap.all(of: model.network, blocks: [], branches: []))
    let input = GoldenGenerator.tensor(named: "input", shape: golden.input, seed: golden.seed)
    _ = try statistics.add(input.channelsLast(), session: session)

    var compared = 0
    // Of deep networks the cases hold some of the blocks.
    for block in golden.blocks {
      for row in statistics.rows where row.depth == block.index {
        let expected = try #require(block.taps[row.branch.name])
        let total = statistics[row].total
        #expect(total.count == Double(expected.shape.reduce(1, *)))
        // A value within rounding of zero may change sides.
        let tolerance = max(1e-4, 1 / total.count)
        #expect(
          abs(total.positiveShare - expected.positive) <= tolerance, "\(row.block.name) \(row.branch.name)")
        #expect(abs(total.mean - expected.mean) <= 1e-4 * expected.meanAbs)
        #expect(abs(total.meanAbsolute - expected.meanAbs) <= 1e-4 * expected.meanAbs)
        compared += 1
      }
    }
    #expect(compared == golden.blocks.map(\.taps.count).reduce(0, +))
  }
}
