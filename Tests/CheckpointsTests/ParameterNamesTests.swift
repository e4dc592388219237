import Tensors
import Testing

@testable import Checkpoints

@Suite struct ParameterNamesTests {
  private static let torchvision = [
    "conv1.weight": "conv1.weight",
    "bn1.running_mean": "bn1.running_mean",
    "layer1.0.conv1.weight": "layer1.layer1_block_0.conv_conv1.weight",
    "layer1.0.bn3.bias": "layer1.layer1_block_0.bn_bn3.bias",
    "layer4.22.conv3.weight": "layer4.layer4_block_22.conv_conv3.weight",
    "layer2.0.downsample.0.weight": "layer2.layer2_block_0.shortcut.shortcut_conv.weight",
    "layer2.0.downsample.1.num_batches_tracked":
      "layer2.layer2_block_0.shortcut.shortcut_bn.num_batches_tracked",
    "layer1.2.se.fc1.weight": "layer1.layer1_block_2.fc_reduction.weight",
    "layer1.2.se.fc2.bias": "layer1.layer1_block_2.fc_extention.bias",
    "layer1.2.convs.1.weight": "layer1.layer1_block_2.convs.1.weight",
    "layer1.2.bns.0.running_var": "layer1.layer1_block_2.bns.0.running_var",
    "layer3.0.cbam.ChannelGate.mlp.1.bias": "layer3.layer3_block_0.cbam.ChannelGate.mlp.1.bias",
    "layer3.0.cbam.SpatialGate.spatial.bn.bias": "layer3.layer3_block_0.cbam.SpatialGate.spatial.bn.bias",
    "fc.bias": "fc.bias",
  ]

  private static let cifar = [
    "conv1.weight": "conv1.weight",
    "layer3.2.bn2.weight": "layer3.layer3_block_2.bn_bn2.weight",
    "layer2.0.shortcut.0.weight": "layer2.layer2_block_0.shortcut.shortcut_conv.weight",
    "layer2.0.shortcut.1.bias": "layer2.layer2_block_0.shortcut.shortcut_bn.bias",
    "linear.weight": "fc.weight",
  ]

  @Test(arguments: [(torchvision, "torchvision"), (cifar, "CIFAR ResNet")], ["", "module."])
  func detectsAndTranslatesBothWays(table: ([String: String], String), prefix: String) throws {
    let names = try #require(ParameterNames(detectedIn: table.0.keys.map { prefix + $0 }))
    #expect(names.convention.title == table.1)
    #expect(names.prefix == prefix)
    for (original, canonical) in table.0 {
      #expect(names.canonical(prefix + original) == canonical)
      #expect(names.original(canonical) == prefix + original)
    }
  }

  private static let dialects: [([String: String], String)] = [
    (
      [
        "resnet.embedder.embedder.convolution": "conv1", "resnet.embedder.embedder.normalization": "bn1",
        "resnet.encoder.stages.0.layers.1.layer.2.convolution": "layer1.layer1_block_1.conv_conv3",
        "resnet.encoder.stages.1.layers.0.layer.0.normalization": "layer2.layer2_block_0.bn_bn1",
        "resnet.encoder.stages.1.layers.0.shortcut.convolution":
          "layer2.layer2_block_0.shortcut.shortcut_conv",
        "resnet.encoder.stages.1.layers.0.shortcut.normalization":
          "layer2.layer2_block_0.shortcut.shortcut_bn",
      ], "Hugging Face"
    ),
    (
      [
        "layer0.conv1": "conv1", "layer0.bn1": "bn1", "layer1.0.conv2": "layer1.layer1_block_0.conv_conv2",
        "layer1.0.se_module.fc1": "layer1.layer1_block_0.fc_reduction",
        "layer2.0.downsample.1": "layer2.layer2_block_0.shortcut.shortcut_bn", "last_linear": "fc",
      ], "Cadene's SENet"
    ),
    (
      [
        "backbone.conv1": "conv1",
        "backbone.layer1.0.se_layer.conv2.conv": "layer1.layer1_block_0.fc_extention",
        "backbone.layer1.0.bn3": "layer1.layer1_block_0.bn_bn3",
      ], "OpenMMLab"
    ),
    (
      [
        "backbone.bottom_up.stem.conv1": "conv1", "backbone.bottom_up.stem.conv1.norm": "bn1",
        "backbone.bottom_up.res2.0.conv3": "layer1.layer1_block_0.conv_conv3",
        "backbone.bottom_up.res2.0.conv3.norm": "layer1.layer1_block_0.bn_bn3",
        "backbone.bottom_up.res3.0.shortcut": "layer2.layer2_block_0.shortcut.shortcut_conv",
        "backbone.bottom_up.res3.0.shortcut.norm": "layer2.layer2_block_0.shortcut.shortcut_bn",
      ], "Detectron2"
    ),
    (
      [
        "conv1.0": "conv1", "conv1.1": "bn1",
        "conv2_x.0.residual_function.3": "layer1.layer1_block_0.conv_conv2",
        "conv2_x.1.residual_function.7": "layer1.layer1_block_1.bn_bn3",
        "conv3_x.0.shortcut.0": "layer2.layer2_block_0.shortcut.shortcut_conv", "fc": "fc",
      ], "pytorch-cifar100"
    ),
    (
      [
        "f.0": "conv1", "f.1": "bn1", "f.4.0.conv1": "layer1.layer1_block_0.conv_conv1",
        "f.5.0.downsample.0": "layer2.layer2_block_0.shortcut.shortcut_conv",
        "f.6.0.bn2": "layer3.layer3_block_0.bn_bn2", "f.7.0.conv2": "layer4.layer4_block_0.conv_conv2",
      ], "nn.Sequential"
    ),
    (
      [
        "0": "conv1", "1": "bn1", "2.0.conv1": "layer1.layer1_block_0.conv_conv1",
        "3.2.bn2": "layer2.layer2_block_2.bn_bn2", "4.0.conv2": "layer3.layer3_block_0.conv_conv2",
      ], "nn.Sequential"
    ),
  ]

  @Test(arguments: dialects)
  func dialectsAreDetectedAndTranslatedBothWays(table: ([String: String], String)) throws {
    let names = try #require(ParameterNames(detectedIn: table.0.keys.map { $0 + ".weight" }))
    #expect(names.convention.title == table.1)
    for (original, canonical) in table.0 {
      #expect(names.canonical(original + ".weight") == canonical + ".weight")
      #expect(names.original(canonical + ".weight") == original + ".weight")
    }
  }

  @Test(arguments: [
    "model.", "module.model.", "state_dict_ema.", "a.b.c.d.e.", "_orig_mod.", "net._orig_mod.",
  ])
  func anyPrefixIsFound(prefix: String) throws {
    let names = try #require(ParameterNames(detectedIn: Self.torchvision.keys.map { prefix + $0 }))
    #expect(names.prefix == prefix && names.convention is TorchvisionNames)
  }

  @Test func wrappersWithinNamesAreLookedThrough() throws {
    let sharded = ["layer1.0.conv1", "layer1.0.bn1", "conv1", "bn1"].map { name in
      name.split(separator: ".").map { "_fsdp_wrapped_module.\($0)" }.joined(separator: ".") + ".weight"
    }
    let names = try #require(ParameterNames(detectedIn: sharded))
    #expect(names.prefix == "_fsdp_wrapped_module.")
    #expect(
      sharded.map(names.canonical)
        == ["layer1.layer1_block_0.conv_conv1", "layer1.layer1_block_0.bn_bn1", "conv1", "bn1"].map {
          $0 + ".weight"
        })
  }

  @Test func publishedNamesStay() throws {
    let block = "module.layer3.layer3_block_5."
    let modules = [
      "conv_conv1", "bn_bn1", "shortcut.shortcut_conv", "encoder.encoder_conv", "encoder.encoder_bn",
      "decoder.decoder_conv", "decoder.decoder_bn", "fc_reduction", "cbam.ChannelGate.mlp.1",
    ]
    let all = modules.map { block + $0 + ".weight" } + ["module.conv1.weight", "module.fc.bias"]
    let names = try #require(ParameterNames(detectedIn: all))
    #expect(names.convention is PublishedNames)
    #expect(all.allSatisfy { "module." + names.canonical($0) == $0 })
    #expect(all.allSatisfy { names.original(String($0.dropFirst(7))) == $0 })
  }

  @Test func onlyPublishedNamesCarryEncoders() {
    for names in [ParameterNames(TorchvisionNames()), ParameterNames(CIFARNames())] {
      #expect(names.original("layer1.layer1_block_0.encoder.encoder_conv.weight") == nil)
      #expect(names.original("layer1.layer1_block_0.decoder.decoder_bn.bias") == nil)
    }
  }

  @Test(
    arguments: [
      "encoder.weight", "layer1.00.conv1.weight", "layer1.0.conv01.weight", "layer-1.0.conv1.weight",
      "layer1.0.conv.weight", "layer1.0", "layer1", "weight", "", ".", "layer1.+1.conv1.weight",
      "layer1.layer2_block_0.conv_conv1.weight", "layer1.0.downsample.3.weight",
    ])
  func unknownNamesStayAsTheyAre(name: String) {
    for convention in ParameterNames.conventions {
      #expect(ParameterNames(convention).canonical(name) == name)
    }
  }

  /// A name that each convention translates must come back, whatever its numbers.
  @Test func everyConventionIsReversible() {
    let parts = [
      "conv1", "conv12", "bn2", "downsample.0", "downsample.1", "shortcut.0", "shortcut.1", "conv_conv1",
      "bn_bn9", "convs.0", "convs.x", "bns.3", "se.fc1", "se.fc2", "se.fc3", "fc_reduction",
      "cbam.ChannelGate.mlp.3", "shortcut.shortcut_bn", "conv0", "convx", "bn",
    ]
    var modules = ["conv1", "bn1", "fc", "linear", "conv2", "head"]
    for stage in [1, 4, 10] {
      for block in [0, 7, 35] {
        for part in parts {
          modules.append("layer\(stage).\(block).\(part)")
          modules.append("layer\(stage).layer\(stage)_block_\(block).\(part)")
        }
      }
    }
    for convention in ParameterNames.conventions {
      for module in modules {
        guard let canonical = convention.canonical(module: module) else { continue }
        #expect(convention.module(canonical: canonical) == module)
      }
    }
  }

  /// timm keeps the layers of a gate as 1×1 convolutions.
  @Test func gatesChangeTheirShape() throws {
    let value = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3, 1, 1])
    let timm = try Checkpoint([("layer1.0.se.fc1.weight", value), ("layer1.0.conv1.weight", value)])
    let canonical = try timm.withCanonicalNames()
    #expect(canonical.map(\.shape) == [[2, 3], [2, 3, 1, 1]])
    #expect(try canonical[0].tensor().elements == value.elements)
    let back = try #require(try canonical.renamed(after: ParameterNames(TorchvisionNames())).renamed)
    #expect(back.map(\.name) == timm.map(\.name) && back.map(\.shape) == timm.map(\.shape))
    let published = try #require(try canonical.renamed(after: ParameterNames(PublishedNames())).renamed)
    #expect(published.map(\.shape) == canonical.map(\.shape))
  }

  @Test func aPrefixOfSomeNamesIsKept() throws {
    let names = try #require(ParameterNames(detectedIn: ["module.conv1.weight", "fc.weight"]))
    #expect(names.prefix.isEmpty)
    #expect(ParameterNames(detectedIn: ["backbone.conv1.weight"]) == nil)
    #expect(ParameterNames(detectedIn: []) == nil)
  }

  @Test func checkpointsAreRenamedWithoutTouchingData() throws {
    let value = Tensor([3], shape: [1])
    let checkpoint = try Checkpoint([("module.linear.bias", value), ("module.layer1.0.bn1.weight", value)])
    let canonical = try checkpoint.withCanonicalNames()
    #expect(canonical.map(\.name) == ["fc.bias", "layer1.layer1_block_0.bn_bn1.weight"])
    #expect(throws: CheckpointError.duplicateName(path: "memory", name: "x")) {
      try checkpoint.renamed { _ in "x" }
    }
  }
}
