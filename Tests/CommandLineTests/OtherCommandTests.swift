import EDViz
import Foundation
import Testing

@Suite struct MaskCommandTests {
  private let photo = Program.repository("Examples/Photos/coffee.jpg")

  @Test func masksAreRecorded() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["mask", photo, "--component", "largest", "--output", "r"], in: folder.path)
    #expect(outcome.status == 0)
    let manifest = try JSONDecoder().decode(
      Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: folder.path + "/r/manifest.json")))
    let record = try #require(manifest.inputs[0].mask)
    let picture = try Image(contentsOf: folder.path + "/r/coffee-mask.png")
    let mask = Mask(brightPixelsOf: picture)
    #expect(picture.width == 600 && picture.height == 400)
    #expect(record.components == 1 && abs(record.areaShare - mask.areaShare) < 1e-9)
    let box = try #require(mask.boundingBox)
    #expect(record.box == [box.x0, box.y0, box.x1, box.y1])
    #expect(manifest.masking?.threshold == "mean" && manifest.masking?.component == .largest)
    #expect(try Image(contentsOf: folder.path + "/r/coffee-contour.png").width == 600)
  }

  @Test func wrongRulesAreUsageErrors() throws {
    for wrong in [
      ["--threshold", "median"], ["--connectivity", "6"], ["--component", "some"], ["-r", "x", "-r", "F"],
    ] {
      #expect(try Program.run(["mask", photo] + wrong).status == 64)
    }
  }
}

@Suite struct TapsCommandTests {
  /// An array goes in as it is, and every branch of every block comes out in PyTorch's order.
  @Test func arraysGiveEveryBranch() throws {
    let folder = try TemporaryFolder()
    let pixels: [Float] = (0..<2 * 3 * 20 * 28).map { Float($0 % 97) / 48 - 1 }
    let array = NumPyArray(shape: [2, 3, 20, 28], elements: pixels)
    try AtomicFile.write(array.encoded, to: folder.path + "/in.npy")
    let outcome = try Program.run(["taps", "in.npy", "--output", "t.safetensors"], in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.output == "t.safetensors\n")
    let taps = try Checkpoint(contentsOf: folder.path + "/t.safetensors")
    #expect(taps.count == 8 * 7 + 1)
    #expect(taps["logits"]?.shape == [2, 50])
    #expect(taps["layer1.0.input"]?.shape == [2, 32, 10, 14])
    #expect(taps["layer4.1.encoder"]?.shape == [2, 128, 2, 2])

    let session = AttentionSession(model: try Model.bundled())
    let tap = Tap(block: "layer2.0", branch: .branch(.decoder))
    let images = Tensor(pixels, shape: [2, 3, 20, 28]).channelsLast()
    let direct = try #require(session.activations(of: [tap], logits: false, images: images).activations[tap])
    let exported = try #require(taps["layer2.0.decoder"]).tensor().elements
    let scale = exported.map(abs).max() ?? 1
    let worst = zip(exported, direct.channelsFirst().elements).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst <= 1e-5 * scale)
  }

  @Test func photographsAndChoicesWork() throws {
    let folder = try TemporaryFolder()
    let photo = Program.repository("Examples/Photos/rocket.jpg")
    let outcome = try Program.run(
      ["taps", photo, "--block", "last", "-r", "x+F", "--output", "r"], in: folder.path)
    #expect(outcome.status == 0)
    let taps = try Checkpoint(contentsOf: folder.path + "/r/rocket-taps.safetensors")
    #expect(Set(taps.map(\.name)) == ["layer4.1.x+F", "logits"])
    #expect(Folders.kind(of: folder.path + "/r/manifest.json") == .file)
  }

  @Test func choicesThatRepeatAreOne() throws {
    let folder = try TemporaryFolder()
    let photo = Program.repository("Examples/Photos/rocket.jpg")
    let outcome = try Program.run(
      [
        "taps", photo, "-b", "last", "-b", "layer4.1", "-b", "-1", "-r", "ED", "-r", "decoder", "-o",
        "t.safetensors",
      ],
      in: folder.path)
    #expect(outcome.status == 0)
    let taps = try Checkpoint(contentsOf: folder.path + "/t.safetensors")
    #expect(Set(taps.map(\.name)) == ["layer4.1.decoder", "logits"])
    #expect(taps.metadata["input"] == photo && taps.metadata["weights"] == "bundled")
  }

  @Test func wrongArraysAreNamed() throws {
    let folder = try TemporaryFolder()
    let array = NumPyArray(shape: [2, 4], elements: [Float](repeating: 0, count: 8))
    try AtomicFile.write(array.encoded, to: folder.path + "/in.npy")
    let outcome = try Program.run(["taps", "in.npy"], in: folder.path)
    #expect(outcome.status == 65)
    #expect(
      outcome.errors
        == "edviz: in.npy: cannot be read as a NumPy array: its shape is [2, 4], not [N, 3, H, W] or "
        + "[N, H, W, 3]\n")
  }
}

@Suite struct ConvertCommandTests {
  @Test func modelsTravelWithTheirRecord() throws {
    let folder = try TemporaryFolder()
    let network = try Network(ModelRegistry.description(named: "cifar-ed-resnet20", classes: 3))
    for parameter in network.parameters {
      parameter.value = Tensor(
        repeating: parameter.role == .runningVariance ? 1 : 0.01, shape: parameter.shape)
    }
    try Checkpoint(network.parameters.map { ($0.name, $0.value) }).write(to: folder.path + "/in.safetensors")
    try AtomicFile.write("ant\nbee\ncat\n".utf8, to: folder.path + "/names.txt")
    let arguments = [
      "convert", "in.safetensors", "out.safetensors", "--classes", "names.txt", "--size", "48", "--precision",
      "f16",
    ]
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("cifar-ed-resnet20, 0.29 M parameters"))
    let model = try Model(checkpoint: Checkpoint(contentsOf: folder.path + "/out.safetensors"))
    #expect(model.classes == ["ant", "bee", "cat"] && model.preprocessing.size == 48)
    #expect(try Program.run(arguments, in: folder.path).status == 73)
    #expect(try Program.run(["convert", "in.safetensors", "out.pth"], in: folder.path).status == 64)
    let nameless = try Program.run(
      ["convert", "in.safetensors", "tv.safetensors", "--names", "torchvision"], in: folder.path)
    #expect(nameless.status == 65)
    #expect(
      nameless.errors.contains(
        "torchvision has no name for 'layer1.layer1_block_0.decoder."))
    #expect(Folders.kind(of: folder.path + "/tv.safetensors") == nil)
  }

  @Test func valuesThatCannotBeUsedAreNamed() throws {
    let folder = try TemporaryFolder()
    let network = try Network(ModelRegistry.description(named: "cifar-resnet20", classes: 3))
    func message(_ name: String, _ value: Float, _ arguments: [String]) throws -> String {
      let tensors = network.parameters.map {
        ($0.name, Tensor(repeating: $0.name == name ? value : 0.5, shape: $0.shape))
      }
      try Checkpoint(tensors).write(to: folder.path + "/in.safetensors")
      let outcome = try Program.run(arguments, in: folder.path)
      #expect(outcome.status == 65)
      return outcome.errors
    }
    let heatmap = ["heatmap", "x.jpg", "-w", "in.safetensors"]
    let odd = "edviz: in.safetensors: 'bn1.weight' holds values that are not finite\n"
    #expect(try message("bn1.weight", .nan, heatmap) == odd)
    let negative = "edviz: in.safetensors: 'bn1.running_var' is a variance, but holds negative values\n"
    #expect(try message("bn1.running_var", -1, heatmap) == negative)
    let half = try message(
      "bn1.running_var", 1e6, ["convert", "in.safetensors", "o.safetensors", "--precision", "f16"])
    #expect(half.contains("'bn1.running_var' holds 1000000.0, too large for f16"))
    #expect(try Folders.contents(of: folder.path) == ["in.safetensors"])
  }

  @Test func weightsThatDoNotFitAreListed() throws {
    let folder = try TemporaryFolder()
    try Checkpoint([("conv1.weight", Tensor(repeating: 0, shape: [1]))]).write(
      to: folder.path + "/in.safetensors")
    let outcome = try Program.run(
      ["heatmap", "x.jpg", "--weights", "in.safetensors", "--model", "resnet18"], in: folder.path)
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("edviz: in.safetensors: does not fit the network: missing 'bn1.weight'"))
    let unknown = try Program.run(["heatmap", "x.jpg", "--weights", "in.safetensors"], in: folder.path)
    #expect(unknown.status == 65)
    #expect(
      unknown.errors.contains("no residual blocks are found by their names; 'edviz inspect in.safetensors'"))
  }
}

@Suite struct ModelsCommandTests {
  @Test func everyNameIsListed() throws {
    let outcome = try Program.run(["models", "list"])
    #expect(outcome.status == 0)
    for name in ModelRegistry.names { #expect(outcome.output.contains("\n\(name) ")) }
  }

  @Test func networksAreShown() throws {
    let outcome = try Program.run(["models", "show", "ed-resnet50", "--size", "97x130"])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("ed-resnet50: 28.42 M parameters"))
    #expect(outcome.output.contains("layer4.2  conv5_3    4×5      2048    2×3"))
    let json = try Program.run(["models", "show", "cifar-resnet20", "--json"])
    #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [[String: Any]])
    let wrong = try Program.run(["models", "show", "ed-resnet51"])
    #expect(wrong.status == 64)
    #expect(
      wrong.errors
        == "edviz: no model is called 'ed-resnet51'; the nearest are ed-resnet50, ed-resnet18, ed-resnet26, ed-resnet34\n"
    )
    #expect(try Program.run(["models", "show", "resnet50", "--size", "0"]).status == 64)
    #expect(outcome.output.contains("the paper's Table I prints 27.7 M parameters and 4.3 × 10⁹ FLOPs ("))
    let measured = try Program.run(["models", "show", "cifar-resnet20", "--measure", "--threads", "1"])
    #expect(measured.status == 0 && measured.output.contains(" on 1 thread\n"))
  }

  @Test func networksAreDrawn() throws {
    let folder = try TemporaryFolder()
    func graph(_ words: String...) throws -> Program.Outcome {
      try Program.run(["models", "graph"] + words, in: folder.path)
    }
    let outcome = try graph("cifar-ed-resnet20")
    #expect(outcome.status == 0 && outcome.output == "cifar-ed-resnet20.svg\n")
    let svg = try String(contentsOfFile: folder.path + "/cifar-ed-resnet20.svg", encoding: .utf8)
    #expect(svg.hasPrefix("<svg ") && svg.contains(">deconv 3×3, 64, stride 2, group 16<"))
    let again = try graph("cifar-ed-resnet20")
    #expect(again.status == 73 && again.errors.contains("cifar-ed-resnet20.svg"))
    #expect(try graph("cifar-ed-resnet20", "--force", "--theme", "dark").status == 0)
    #expect(try String(contentsOfFile: folder.path + "/cifar-ed-resnet20.svg", encoding: .utf8) != svg)
    #expect(try graph("default", "-o", "own.png", "--size", "97x130").status == 0)
    #expect(try Image(contentsOf: folder.path + "/own.png").width > 500)
    for (words, sentence) in [
      (["resnet18", "-o", "a.gif"], "figures are written as .png"),
      (["resnet18", "--theme", "red"], "light or dark"),
      (["nothing"], "no model is called 'nothing'"),
    ] {
      let wrong = try Program.run(["models", "graph"] + words, in: folder.path)
      #expect(wrong.status == 64 && wrong.errors.contains(sentence), "\(wrong.errors)")
    }
    #expect(Set(try Folders.contents(of: folder.path)) == ["cifar-ed-resnet20.svg", "own.png"])
  }

  @Test func tablesArePrinted() throws {
    let text = try Program.run(["models", "table", "vi"])
    #expect(text.status == 0 && text.output.hasPrefix("Table VI: "))
    #expect(text.output.contains("ED-ResNeXt-50-A    ed-resnext50-a"))
    let csv = try Program.run(["models", "table", "XVIII", "--format", "csv"])
    #expect(csv.output.split(separator: "\n").count == 16)
    #expect(csv.output.contains("\n\"ResNet-20, ED with group\",cifar-ed-resnet20,0.30,0.29\n"))
    let markdown = try Program.run(["models", "table", "III", "--format", "markdown"])
    #expect(markdown.output.contains("\n| --- | --- | ---: | ---: | ---: | ---: |\n"))
    let wrong = try Program.run(["models", "table", "II"])
    #expect(wrong.status == 64 && wrong.errors.contains("these have: I, III, VI, XVIII"))
  }
}
