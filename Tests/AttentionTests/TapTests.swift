import Attention
import Dispatch
import EDNets
import Images
import Networks
import Synchronization
import Tensors
import Testing

@Suite struct TapTests {
  private static func network(_ name: String) throws -> Network {
    let network = try Network(ModelRegistry.description(named: name))
    var seed: UInt64 = 5
    for parameter in network.parameters {
      parameter.value = Tensor(shape: parameter.shape) { buffer in
        for i in buffer.indices {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let noise = Float(seed >> 40) / Float(1 << 24) - 0.5
          buffer[i] = parameter.role == .runningVariance ? noise + 1 : noise
        }
      }
    }
    return network
  }

  @Test func namesAreUnderstoodInAnyCase() throws {
    #expect(try AttentionBranch(named: "x") == .branch(.input))
    #expect(try AttentionBranch(named: "F") == .branch(.transform))
    #expect(try AttentionBranch(named: "ed") == .branch(.decoder))
    #expect(try AttentionBranch(named: "X+ed") == .inputAndDecoder)
    for branch in AttentionBranch.all { #expect(try AttentionBranch(named: branch.name) == branch) }
    #expect(throws: AttentionError.self) { try AttentionBranch(named: "y") }
  }

  /// Sums of branches add up as the block does: (x + F) + (x + ED) + (F + ED) = 2 · sum.
  @Test func derivedBranchesAddUp() throws {
    let network = try Self.network("cifar-ed-resnet20")
    let pixels: [Float] = (0..<945).map { (i: Int) -> Float in Float((i * 29) % 83) / 41 - 1 }
    let images = Tensor(pixels, shape: [1, 15, 21, 3])
    let evaluator = Evaluator(network.graph)
    for block in ["layer1.0", "layer2.0", "last"] {
      let branches: [AttentionBranch] = [
        .inputAndTransform, .inputAndDecoder, .transformAndDecoder, .branch(.sum),
      ]
      let taps = branches.map { Tap(block: block, branch: $0) }
      let result = try network.activations(of: taps, images: images, evaluator: evaluator)
      let parts = try taps.map { try #require(result.activations[$0]) }
      #expect(result.logits == nil)
      for i in 0..<parts[3].count {
        let total: Float = parts[0][i] + parts[1][i] + parts[2][i]
        let difference: Float = abs(total - 2 * parts[3][i])
        #expect(difference <= 1e-4 * max(1, abs(total)))
      }
    }
  }

  /// Where maps are large, F is added up without being kept, unless somebody looks at it; that changes nothing.
  @Test func largeMapsAreTheSameWithAndWithoutF() throws {
    let network = try Self.network("ed-resnet50")
    let pixels: [Float] = (0..<352 * 384 * 3).map { (i: Int) -> Float in Float(i * 37 % 101) / 50 - 1 }
    let images = Tensor(pixels, shape: [1, 352, 384, 3])
    let evaluator = Evaluator(network.graph)
    let output = Tap(block: "layer1.1"), transform = Tap(block: "layer1.1", branch: .branch(.transform))
    let nodes = try network.nodes(of: output)
    var heard: [Graph.NodeID] = []
    let alone = try evaluator.values(of: Set(nodes), images: images) { steps, _ in heard += steps }
    let both = try network.activations(of: [output, transform], images: images, evaluator: evaluator)
    let last = try #require(nodes.first)
    #expect(alone[last]?.elements == both.activations[output]?.elements)
    // Every node that the block needs is heard of once all the same.
    let readers = GraphReaders(network.graph, outputs: Set(nodes))
    let input = network.graph.ids.first
    #expect(heard.sorted() == network.graph.ids.filter { readers.needs($0) && $0 != input })
  }

  /// Each on one thread, in an evaluator that nobody has used yet, so that weights are folded and packed on the way.
  @Test func threadsMayShareAnEvaluator() throws {
    let network = try Self.network("cifar-ed-resnet20")
    @Sendable func values(_ evaluator: Evaluator, _ index: Int) throws -> [Float] {
      let images = Tensor(repeating: Float(index + 1) / 7, shape: [1, 24 + 4 * (index % 2), 32, 3])
      let result = try Threads.with(1) {
        try network.activations(of: [Tap()], images: images, evaluator: evaluator)
      }
      return try #require(result.activations[Tap()]).elements
    }
    let alone = Evaluator(network.graph)
    let expected = try (0..<12).map { try values(alone, $0) }
    for _ in 0..<5 {
      let shared = Evaluator(network.graph)
      let found = Mutex([[Float]?](repeating: nil, count: expected.count))
      DispatchQueue.concurrentPerform(iterations: expected.count) { index in
        let made = try? values(shared, index)
        found.withLock { $0[index] = made }
      }
      #expect(found.withLock { $0 } == expected)
    }
  }

  @Test func absentBranchesAreRefusedBeforeAnythingRuns() throws {
    let network = try Self.network("cifar-resnet20")
    let evaluator = Evaluator(network.graph)
    let images = Tensor(repeating: 0, shape: [1, 8, 8, 3])
    for branch in [AttentionBranch.branch(.decoder), .branch(.encoder), .inputAndDecoder] {
      let error = #expect(throws: AttentionError.self) {
        try network.activations(of: [Tap(branch: branch)], images: images, evaluator: evaluator)
      }
      #expect(
        error?.description.hasPrefix("block layer3.2 has no branch '\(branch.name)'; it has input") == true)
    }
    #expect(throws: UnknownBlock.self) {
      try network.activations(of: [Tap(block: "layer9.9")], images: images, evaluator: evaluator)
    }
    // Nothing of the failed requests is left: the network still runs.
    #expect(try network.activations(of: [Tap()], images: images, evaluator: evaluator).activations.count == 1)
  }

  @Test func depthSumsAddChannels() {
    let activation = Tensor((0..<24).map(Float.init), shape: [2, 2, 3, 2])
    let maps = FloatMap.depthSums(of: activation)
    #expect(maps.count == 2)
    #expect(maps[0] == FloatMap(width: 3, height: 2, values: [1, 5, 9, 13, 17, 21]))
    #expect(maps[1].values == [25, 29, 33, 37, 41, 45])
  }
}
