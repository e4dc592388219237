import Checkpoints
import EDNets
import Files
import Foundation
import Networks
import Tensors
import Testing

@Suite struct RegistryTests {
  /// Every name builds, and all its paths end at the size that they began with.
  @Test(arguments: ModelRegistry.names)
  func everyNetworkBuilds(name: String) throws {
    let network = try Network(ModelRegistry.description(named: name, classes: 3))
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
  }

  /// One network of every kind of block, gate, path and variant, at the least depth there is; all of them with
  /// EDVIZ_SLOW=1.
  static let computed: [String] = {
    let isSlow = ProcessInfo.processInfo.environment["EDVIZ_SLOW"] == "1"
    let small = [
      "18", "26", "resnet20", "resnext29", "resnet50-36x3d", "resnet50-noid", "resnet50-notransform",
    ]
    let kinds = ["resnet50-a", "resnet50-b", "resnext50-a", "resnext50-b"]
    return ModelRegistry.names.filter { name in
      isSlow || small.contains { name.contains($0) } || kinds.contains { name.hasSuffix($0) }
    }
  }()

  /// Values at two odd, non-square sizes are finite and of the shapes that the graph says; a training pass reaches every
  /// parameter; saved and read again, the network is the same.
  @Test(arguments: computed)
  func everyKindComputes(name: String) throws {
    let network = try Network(ModelRegistry.description(named: name, classes: 3))
    SweepValues.fill(network)
    let evaluator = Evaluator(network.graph)
    let wanted = Set(network.blocks.flatMap { $0.taps.values } + [network.logits])
    var images = SweepValues.images(Size2D(height: 33, width: 47))
    for size in [Size2D(height: 33, width: 47), Size2D(height: 50, width: 37)] {
      images = SweepValues.images(size)
      let values = try evaluator.values(of: wanted, images: images)
      let shapes = network.graph.shapes(input: images.shape)
      for id in wanted { #expect(values[id]?.shape == shapes[id]) }
      #expect(try #require(values[network.logits]).isFinite)
    }

    let gradients = ParameterGradients(network.parameters.filter { $0.isLearnt })
    let tape = Tape(network.graph, outputs: [network.logits])
    _ = try tape.forward(images)
    _ = try tape.backward(
      from: [network.logits: Tensor([1, -2, 3, 2, 1, -3], shape: [2, 3])], into: gradients)
    for parameter in network.parameters where parameter.isLearnt {
      let gradient = try #require(gradients[parameter])
      let isReached = gradient.withUnsafeElements { $0.contains { $0 != 0 } }
      #expect(gradient.isFinite && isReached, "\(parameter.name)")
    }

    guard network.parameterCount < 30_000_000 else { return }
    let folder = try TemporaryFolder()
    var checkpoint = try Checkpoint(network.parameters.map { ($0.name, $0.value) })
    checkpoint.metadata = try ModelMetadata.entries(
      network: network.description, preprocessing: Preprocessing(size: 64), classes: [])
    try checkpoint.write(to: folder.path + "/n.safetensors")
    let loaded = try Model(checkpoint: Checkpoint(contentsOf: folder.path + "/n.safetensors"))
    #expect(loaded.network.description == network.description)
    for (one, other) in zip(loaded.network.parameters, network.parameters) {
      let isSame = one.value.withUnsafeElements { a in other.value.withUnsafeElements { a.elementsEqual($0) }
      }
      #expect(one.name == other.name && isSame)
    }
  }

  /// Pictures of one pixel, and large ones.
  @Test(arguments: ["resnet18", "ed-resnet18", "cifar-ed-resnet20", "cifar-ed-resnet20-option-a"])
  func networksRunAtAnySize(name: String) throws {
    let network = try Network(ModelRegistry.description(named: name, classes: 3))
    SweepValues.fill(network)
    let evaluator = Evaluator(network.graph)
    for size in [Size2D(1), Size2D(height: 97, width: 130), Size2D(height: 161, width: 255), Size2D(448)] {
      let images = SweepValues.images(size)
      #expect(try #require(evaluator.values(of: [network.logits], images: images)[network.logits]).isFinite)
    }
  }

  /// ED without padding has no code for a map that is smaller than its window.
  @Test func mapsMayBeTooSmall() throws {
    let network = try Network(ModelRegistry.description(named: "cifar-ed-resnet20-s2p0", classes: 3))
    SweepValues.fill(network)
    let evaluator = Evaluator(network.graph)
    let error = #expect(throws: EngineError.self) {
      try evaluator.values(of: [network.logits], images: SweepValues.images(Size2D(8)))
    }
    #expect(
      error?.description.hasPrefix("a map of 2×2 is too small for a window of 3×3 padded by 0×0") == true)
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
      "resnet50-k4", "twoconv-resnet50-k4", "ed-resnet50-k5", "ed-resnet50-k4-k4",
    ] {
      #expect(throws: UnknownModel.self) { try ModelRegistry.description(named: wrong) }
    }
  }

  /// A decoder's window of 4 reaches the size of its block at every size, and is told from the weights alone.
  @Test(arguments: ["cifar-ed-resnet20-k4", "ed-resnet18-k4", "ed-resnet18-k4-g8", "ed-resnet50-k4"])
  func decodersWindowIsAField(name: String) throws {
    let network = try Network(ModelRegistry.description(named: name, classes: 3))
    let path = try #require(network.description.path as? EncoderDecoder)
    #expect(path.kernel == 4 && path.stride == 2 && path.padding == 1)
    let paper = try Network(
      ModelRegistry.description(named: name.replacingOccurrences(of: "-k4", with: ""), classes: 3))
    for rows in 1...9 {
      let shapes = network.graph.shapes(input: [1, 8 * rows + rows % 3, 8 * rows + 3 * rows % 8, 3])
      let same = paper.graph.shapes(input: [1, 8 * rows + rows % 3, 8 * rows + 3 * rows % 8, 3])
      for (block, other) in zip(network.blocks, paper.blocks) {
        for branch in [Branch.encoder, .decoder, .output] {
          #expect(block.taps[branch].flatMap { shapes[$0] } == other.taps[branch].flatMap { same[$0] })
        }
      }
    }
    SweepValues.fill(network)
    for size in [Size2D(1), Size2D(height: 37, width: 50)] {
      let values = try Evaluator(network.graph).values(of: [network.logits], images: SweepValues.images(size))
      #expect(try #require(values[network.logits]).isFinite)
    }
    let told = try Model(checkpoint: Checkpoint(network.parameters.map { ($0.name, $0.value) }))
    #expect(told.network.description == network.description)
  }

  @Test func groupsOfAnyNumberAreUnderstood() throws {
    #expect(
      try ModelRegistry.description(named: "ed-resnet50-g8").path as? EncoderDecoder
        == EncoderDecoder(groups: 8))
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

/// Quick values for large networks: one row of noise, copied into every parameter.
enum SweepValues {
  private static let noise: [Float] = {
    var generator = SeededGenerator(seed: 5, place: 1)
    return (0..<1 << 16).map { _ in Float(generator.uniform() - 0.5) * 0.1 }
  }()

  /// Weights between -0.05 and 0.05; normalisations that leave little of their input, so that values stay finite in
  /// deep networks.
  static func fill(_ network: Network) {
    for (place, parameter) in network.parameters.enumerated() {
      switch parameter.role {
      case .scale: parameter.value = Tensor(repeating: 0.2, shape: parameter.shape)
      case .runningVariance: parameter.value = Tensor(repeating: 1, shape: parameter.shape)
      default: parameter.value = tensor(parameter.shape, from: place * 977)
      }
    }
  }

  static func images(_ size: Size2D) -> Tensor { tensor([2, size.height, size.width, 3], from: 0) }

  private static func tensor(_ shape: [Int], from start: Int) -> Tensor {
    Tensor(shape: shape) { target in
      var filled = 0
      var at = start % noise.count
      while filled < target.count {
        let count = min(noise.count - at, target.count - filled)
        noise.withUnsafeBufferPointer { source in
          guard let to = target.baseAddress, let from = source.baseAddress else { return }
          to.advanced(by: filled).update(from: from + at, count: count)
        }
        filled += count
        at = 0
      }
    }
  }
}
