import EDNets
import Networks
import Tensors
import Testing

@Suite struct RegistryTests {
  /// Every name builds and runs at two odd, non-square sizes; all of its taps have the size that the graph says.
  @Test(arguments: ModelRegistry.names)
  func everyNetworkRuns(name: String) throws {
    let network = try Network(ModelRegistry.description(named: name, classes: 3))
    // Shapes for all; values where that is quick, which covers every kind of block.
    let sizes = [Size2D(height: 33, width: 47), Size2D(height: 18, width: 9)]
    for size in sizes {
      let shapes = network.graph.shapes(input: [1, size.height, size.width, 3])
      for block in network.blocks {
        #expect(
          block.taps[.decoder].flatMap { shapes[$0] }
            == (block.taps[.decoder] == nil ? nil : block.taps[.output].flatMap { shapes[$0] }))
      }
      #expect(shapes[network.logits] == [1, 3])
    }
    guard
      [
        "resnet18", "ed-resnet18", "cifar-ed-resnet20", "cifar-ed-resnet20-option-a",
        "cifar-resnet20-option-a",
      ].contains(name)
    else { return }
    GoldenGenerator.fill(network, seed: 1)
    let evaluator = Evaluator(network.graph)
    let wanted = Set(network.blocks.flatMap { $0.taps.values } + [network.logits])
    let others = [Size2D(1), Size2D(height: 97, width: 130), Size2D(height: 161, width: 255), Size2D(448)]
    for size in sizes + others {
      let images = Tensor(repeating: 0.5, shape: [1, size.height, size.width, 3])
      let values = try evaluator.values(of: wanted, images: images)
      let shapes = network.graph.shapes(input: images.shape)
      for id in wanted { #expect(values[id]?.shape == shapes[id]) }
      #expect(try #require(values[network.logits]).elements.allSatisfy(\.isFinite))
    }
  }

  /// Parameters as torchvision counts them.
  @Test(arguments: [
    ("resnet18", 11_689_512), ("resnet34", 21_797_672), ("resnet50", 25_557_032), ("resnet101", 44_549_160),
    ("resnet152", 60_192_808),
  ])
  func parametersAreTorchvisions(name: String, count: Int) throws {
    #expect(try Network(ModelRegistry.description(named: name)).parameterCount == count)
  }

  /// Parameters as the paper's Table XVIII prints them, in millions with two decimals, of which the last is not
  /// always rounded; and the sum that follows from the architecture of ED-ResNet-50, where the paper prints 27.7.
  @Test(arguments: [
    ("cifar-resnet20", 0.27), ("cifar-ed-resnet20-g1", 0.56), ("cifar-ed-resnet20", 0.29),
    ("cifar-resnet56", 0.85),
    ("cifar-ed-resnet56-g1", 1.73), ("cifar-ed-resnet56", 0.91), ("ed-resnet50", 28.42),
  ])
  func parametersAreThePapers(name: String, millions: Double) throws {
    let count = try Network(ModelRegistry.description(named: name)).parameterCount
    #expect(abs(Double(count) / 1e6 - millions) < 0.01)
  }

  @Test func wrongNamesGiveTheNearest() {
    for (wrong, right) in [
      ("resnet51", "resnet50"), ("ed_resnet50", "ed-resnet50"), ("cifar-ed-resnet21", "cifar-ed-resnet20"),
    ] {
      let error = #expect(throws: UnknownModel.self) { try ModelRegistry.description(named: wrong) }
      #expect(error?.nearest.contains(right) == true)
    }
    for wrong in [
      "", "-", "ed-", "resnet50-g2", "ed-resnet50-g3", "ed-resnet50-g0", "cifar-resnet21",
      "resnet50-option-a",
    ] {
      #expect(throws: UnknownModel.self) { try ModelRegistry.description(named: wrong) }
    }
  }

  @Test func groupsOfAnyNumberAreUnderstood() throws {
    #expect(try ModelRegistry.description(named: "ed-resnet50-g8").path == .encoderDecoder(groups: 8))
  }

  @Test func blocksHaveThreeNames() throws {
    let network = try Network(ModelRegistry.description(named: "resnet50"))
    for name in ["last", "layer4.2", "conv5_3", "15", "-1"] {
      #expect(try network.block(named: name).name == "layer4.2")
    }
    let error = #expect(throws: UnknownBlock.self) { try network.block(named: "conv5_4") }
    #expect(error?.nearest.contains("conv5_3") == true)
    for wrong in ["16", "-17", "layer5.0", ""] {
      #expect(throws: UnknownBlock.self) { try network.block(named: wrong) }
    }
  }
}
