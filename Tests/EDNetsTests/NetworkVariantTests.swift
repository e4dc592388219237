import Checkpoints
import EDNets
import Files
import Foundation
import Images
import Networks
import Tensors
import Testing

@Suite struct NetworkVariantTests {
  /// Parameters as torchvision and timm count them, for 1000 classes.
  @Test(arguments: [
    ("resnet50-wide-2", 68_883_240), ("resnet101-wide-2", 126_886_696), ("resnext101-32x8d", 88_791_336),
    ("resnext101-64x4d", 83_455_272), ("resnext50", 25_028_904), ("resnet18-d", 11_708_744),
    ("resnet26-t", 16_011_872), ("resnet50-c", 25_576_264), ("resnet50-d", 25_576_264),
    ("resnet50-s", 25_680_808), ("resnet50-t", 25_573_728), ("eca-resnet50-d", 25_576_350),
    ("eca-resnet26-t", 16_011_916), ("resnet18-v2", 11_687_720),
    ("resnet50-v2", 25_549_352), ("resnet50-d-v2", 25_568_584), ("resnet200-d", 64_693_064),
  ])
  func parametersAreTimms(name: String, count: Int) throws {
    #expect(try Network(ModelRegistry.description(named: name)).parameterCount == count)
  }

  @Test(arguments: [
    ("wide_resnet50_2", "resnet50-wide-2"), ("resnext101_32x8d", "resnext101-32x8d"),
    ("resnext50_32x4d", "resnext50"), ("seresnet50", "se-resnet50"), ("ecaresnet50d", "eca-resnet50-d"),
    ("resnetblur50d", "resnet50-d-blur"), ("resnetaa50", "resnet50-average"), ("resnet50b", "resnet50"),
    ("resnetv2_50", "resnet50-v2"), ("resnetv2_50d", "resnet50-d-v2"),
    ("seresnextaa101d_32x8d", "se-resnext101-d-32x8d-average"), ("resnet50", "resnet50"),
  ])
  func publicNamesAreUnderstood(theirs: String, ours: String) throws {
    #expect(try ModelRegistry.description(named: theirs) == ModelRegistry.description(named: ours))
  }

  @Test(arguments: [
    "resnet50-", "resnet50-plain", "resnet50-dilated", "resnet50-dilated-7", "resnet18-caffe",
    "resnet50-eps-2",
    "resnet50-eps--1", "resnet50-d-c", "cifar-resnet20-d", "resnet50-d-cifar-stem", "resnet18-wide-2",
    "res2net50-blur", "se-resnet50-v2", "ed-resnet50-v2", "res2net50-v2", "resnet50-v2-blur",
    "resnet18-v2-option-a", "resnet50-caffe-blur", "resnet50-0x4d", "resnet50-99999999999x4d",
    "resnet50-leaky-nan",
    "resnet50-channels-0", "wide_resnet50", "resnet50_2_3", "resnet50-b-wide-2",
  ])
  func whatMeansNothingIsNoName(name: String) {
    #expect(throws: UnknownModel.self) { try ModelRegistry.description(named: name) }
  }

  @Test func wordsComeBack() {
    for word in [
      "plain", "v2", "c", "d", "e", "s", "t", "wide-2", "32x8d", "cifar-stem", "option-a", "channels-4",
      "caffe",
      "dilated-8", "dilated-16", "blur", "average", "relu", "silu", "gelu", "leaky", "leaky-0.1", "eps-0.001",
    ] {
      #expect(NetworkVariant(word)?.word == word)
    }
    #expect(NetworkVariant("eps-1e-3") == .epsilon(0.001))
    #expect(throws: UnknownVariant.self) { try NetworkVariant.list(["silu", "blurr"]) }
  }

  /// A description says every field; what is as usual is not written.
  @Test func fieldsAreWrittenAndRead() throws {
    let text = """
      stem: {channels: 4, deep: [8, 8], kernel: 3, stride: 2, filters: 16, maxPool: true}
      transform: {bottleneck: {groups: 2, stridesFirst: true}}
      gate: efficientChannelAttention
      stages:
        - {blocks: 1, width: 8, outputs: 32, stride: 1}
        - {blocks: 1, width: 8, outputs: 32, stride: 1, dilation: 2}
      shortcut: pooledProjection
      activation: leaky-0.2
      epsilon: 0.001
      classes: 5
      """
    let folder = try TemporaryFolder()
    let file = folder.path + "/n.yaml"
    try AtomicFile.write(text.utf8, to: file)
    let description = try NetworkDescription(contentsOf: file)
    #expect(description.stem.channels == 4 && description.stem.deep == [8, 8])
    #expect(
      description.transform as? BottleneckTransform == BottleneckTransform(groups: 2, stridesFirst: true))
    #expect(description.activation == .leaky(slope: 0.2) && description.epsilon == 0.001)
    #expect(description.stages[1].dilation == 2 && description.shortcut == .pooledProjection)
    let data = try JSONEncoder().encode(description)
    #expect(try JSONDecoder().decode(NetworkDescription.self, from: data) == description)
    let plain = String(
      decoding: try JSONEncoder().encode(ModelRegistry.description(named: "resnet50")), as: UTF8.self)
    for field in ["channels", "deep", "dilation", "activation", "epsilon", "antialias", "stridesFirst"] {
      #expect(!plain.contains(field))
    }
    for (right, wrong, reason) in [
      ("leaky-0.2", "swish", "is none of relu"), ("epsilon: 0.001", "epsilon: 2", "must be from 0 to 1"),
      ("dilation: 2", "dilation: 0", "dilation is 0"), ("channels: 4", "channels: 0", "stem.channels is 0"),
      ("deep: [8, 8]", "deep: [8, 0]", "stem.deep[1] is 0"),
      ("activation", "antialias: blur\nactivation", "antialias stands behind"),
      ("gate: efficientChannelAttention", "gate: {efficientChannelAttention: {kernel: 2}}", "must be odd"),
    ] {
      try AtomicFile.write(text.replacing(right, with: wrong).utf8, to: file)
      let error = #expect(throws: ModelError.self) { try NetworkDescription(contentsOf: file) }
      #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
  }

  /// Full networks are recognised from nothing but names and shapes, under the name that they have here.
  @Test(arguments: [
    "resnet18-d", "resnet26-t", "resnet18-cifar-stem", "resnet50-wide-2", "resnext26-64x4d",
    "resnext26-32x8d", "eca-resnet18",
    "se-resnet26-d", "resnet18-option-a", "cifar-resnet26-option-a", "cifar-resnet8", "resnet10-t",
    "resnet18-v2", "resnet26-d-v2",
    "resnet18-channels-1",
    "cifar-resnet20-channels-4",
  ])
  func shapesTell(name: String) throws {
    let network = try Network(ModelRegistry.description(named: name, classes: 3))
    for parameter in network.parameters {
      parameter.value = Tensor(repeating: 0.5, shape: parameter.shape)
    }
    let model = try Model(checkpoint: Checkpoint(network.parameters.map { ($0.name, $0.value) }))
    #expect(model.name == name && model.network.description == network.description)
    #expect(model.remarks.first?.contains("taken for \(name); if it differs") == true)
  }

  /// The remark names what is open, and nothing once it is said or recorded.
  @Test func whatIsOpenIsSaidOnce() throws {
    let network = try Network(ModelRegistry.description(named: "cifar-resnet8", classes: 3))
    GoldenGenerator.fill(network, seed: 3)
    var checkpoint = try Checkpoint(network.parameters.map { ($0.name, $0.value) })
    let open = try Model(checkpoint: checkpoint)
    #expect(
      open.remarks == [
        "taken for cifar-resnet8; if it differs where weights tell nothing, say --variant blur, average, silu, gelu, "
          + "leaky or eps-VALUE, else --variant plain"
      ])
    let blurred = try Model(checkpoint: checkpoint, variants: [.antialias(.blur)])
    #expect(blurred.remarks.isEmpty && blurred.name == "cifar-resnet8-blur")
    #expect(blurred.network.description.antialias == .blur)
    #expect(try Model(checkpoint: checkpoint, variants: [.plain]).remarks.isEmpty)
    #expect(try Model(checkpoint: checkpoint, architecture: .named("cifar-resnet8")).remarks.isEmpty)
    checkpoint.metadata = try ModelMetadata.entries(
      network: blurred.network.description, preprocessing: Preprocessing(size: 32), classes: [])
    let recorded = try Model(checkpoint: checkpoint)
    #expect(recorded.remarks.isEmpty && recorded.network.description.antialias == .blur)
    #expect(throws: DescriptionError.self) { try Model(checkpoint: checkpoint, variants: [.caffe]) }
  }

  /// Frozen normalisations count no steps.
  @Test func frozenNormalisationsLoad() throws {
    let network = try Network(ModelRegistry.description(named: "cifar-resnet8", classes: 3))
    GoldenGenerator.fill(network, seed: 3)
    let entries = network.parameters.map { ($0.name, $0.value) }
    #expect(!entries.contains { $0.0.hasSuffix("num_batches_tracked") })
    #expect(try Model(checkpoint: Checkpoint(entries)).name == "cifar-resnet8")
  }

  /// Grey levels are Pillow's `convert("L")`, less the mean of the usual means.
  @Test func photographsAreMadeGray() throws {
    let network = try Network(ModelRegistry.description(named: "cifar-resnet8-channels-1", classes: 3))
    GoldenGenerator.fill(network, seed: 3)
    let model = try Model(checkpoint: Checkpoint(network.parameters.map { ($0.name, $0.value) }))
    #expect(model.remarks.last == "its network reads one channel: photographs are made grey")
    #expect(model.preprocessing == Preprocessing(size: 32, mean: [0.449], standardDeviation: [0.226]))
    let picture = Image(width: 4, height: 1, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50])
    let tensor = Preprocessing(size: 1, fit: .none, mean: [0], standardDeviation: [1]).tensor(of: picture)
    #expect(tensor.shape == [1, 1, 4, 1])
    #expect(tensor.elements == [76, 150, 29, 124].map { Float($0) / 255 })
    try model.checkReadsPhotographs()
    let colored = Preprocessing(size: 32)
    #expect(throws: ModelError.self) {
      try Model(
        checkpoint: Checkpoint(network.parameters.map { ($0.name, $0.value) }), preprocessing: colored)
    }
  }

  @Test func photographsHaveNoFourthChannel() throws {
    let network = try Network(ModelRegistry.description(named: "cifar-resnet8-channels-4", classes: 3))
    GoldenGenerator.fill(network, seed: 3)
    let model = try Model(checkpoint: Checkpoint(network.parameters.map { ($0.name, $0.value) }))
    let error = #expect(throws: ModelError.self) { try model.checkReadsPhotographs() }
    #expect(error?.description.contains("reads 4 channels, which photographs do not have") == true)
  }

  /// As torchvision's `replace_stride_with_dilation` and timm's `output_stride`.
  @Test func stagesAreDilated() throws {
    let eight = try ModelRegistry.description(named: "resnet50-dilated-8")
    #expect(eight.stages.map(\.stride) == [1, 2, 1, 1] && eight.stages.map(\.dilation) == [1, 1, 2, 4])
    #expect(eight.block(stage: 4, position: 0).firstDilation == 2)
    #expect(eight.block(stage: 4, position: 1).firstDilation == 4)
    let sixteen = try ModelRegistry.description(named: "resnet50-dilated-16")
    #expect(sixteen.stages.map(\.stride) == [1, 2, 2, 1] && sixteen.stages.map(\.dilation) == [1, 1, 1, 2])
    let summary = NetworkSummary(try Network(eight), input: Size2D(224))
    #expect(summary.lastSize == Size2D(28))
  }
}
