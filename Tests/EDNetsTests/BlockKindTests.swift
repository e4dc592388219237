import EDNets
import Testing

@Suite struct BlockKindTests {
  @Test(
    arguments: [
      ("resnet18", ["conv2_1–2, conv3_2, conv4_2, conv5_2", "conv3_1, conv4_1, conv5_1"]),
      // The first stage crosses by a projection without a step.
      ("ed-resnet26", ["conv2_1", "conv2_2, conv3_2, conv4_2, conv5_2", "conv3_1, conv4_1, conv5_1"]),
      ("cifar-ed-resnet20", ["conv2_1–3, conv3_2–3, conv4_2–3", "conv3_1, conv4_1"]),
      // A first block pools and does not chain.
      ("res2net26", ["conv2_1", "conv2_2, conv3_2, conv4_2, conv5_2", "conv3_1, conv4_1, conv5_1"]),
    ])
  func blocksBuiltAlikeAreOneKind(name: String, kinds: [String]) throws {
    let network = try Network(ModelRegistry.description(named: name))
    #expect(network.blockKinds.map { $0.paperNames.joined(separator: ", ") } == kinds)
    #expect(network.blockKinds.map(\.blocks.count).reduce(0, +) == network.blocks.count)
  }
}
