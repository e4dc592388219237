import Checkpoints
import Files
import Foundation
import Networks
import Tensors
import Testing

@testable import EDNets

/// One network saved in the ways in which people save, by Reference/make_checkpoints.py, which also wrote what PyTorch makes
/// of it.
@Suite struct CheckpointFormsTests {
  /// What is expected of a file.
  struct Form: Decodable, Sendable {
    /// The logits of the one image, or the pooled features where there are none.
    var values: [Float]?
    var classes: Int?
    var key: String?
    var prefix: String?
    var names: String?
    var leftOver: [String]?
    /// What is asked, if several networks fit.
    var choices: [String]?
  }

  private static let folder =
    (Bundle.module.path(forResource: "Fixtures", ofType: nil) ?? "Fixtures") + "/checkpoints"

  private static let forms: [String: Form] = {
    let data = FileManager.default.contents(atPath: folder + "/expected.json") ?? Data()
    return (try? JSONDecoder().decode([String: Form].self, from: data)) ?? [:]
  }()

  private static let names = forms.keys.sorted()

  private static func model(_ name: String, _ choice: WeightChoice = WeightChoice()) throws -> Model {
    try Model(checkpoint: Checkpoint(contentsOf: folder + "/" + name, choice: choice))
  }

  /// The image that the script makes, as [1, 16, 12, 3].
  private static let images = Tensor(
    (0..<3 * 16 * 12).map { Float(sin(0.31 * Double($0))) }, shape: [1, 3, 16, 12]
  ).channelsLast()

  /// Sums in another order give a few units in the last place of the largest addend; PyTorch's own kernels differ as much.
  private static func difference(_ model: Model, _ expected: [Float]) throws -> Float {
    let values = try Evaluator(model.network.graph).values(of: [model.network.logits], images: images)
    let found = try #require(values[model.network.logits]).elements
    try #require(found.count == expected.count)
    let scale = expected.map(abs).reduce(0, +) / Float(expected.count)
    return zip(found, expected).map { abs($0 - $1) }.reduce(0, max) / scale
  }

  @Test func thereAreForms() { #expect(Self.names.count == 28) }

  @Test(arguments: names)
  func isLoadedAsPyTorchWould(name: String) throws {
    let form = try #require(Self.forms[name])
    guard let values = form.values else {
      let error = #expect(throws: CheckpointError.self) { try Self.model(name) }
      #expect(
        error == .severalNetworks(path: Self.folder + "/" + name, choices: form.choices ?? []))
      return
    }
    let model = try Self.model(name)
    #expect(model.name == "cifar-resnet20")
    #expect(model.network.description.classes == form.classes)
    #expect(model.origin?.key == form.key)
    #expect(model.origin?.prefix == form.prefix)
    if let names = form.names { #expect(model.origin?.names == names) }
    for part in form.leftOver ?? [] { #expect(model.origin?.leftOver.contains(part) == true, "\(part)") }
    if model.network.hasHead, name != "no-bias.pth" {
      #expect(!model.remarks.contains { $0.contains("head") }, "\(model.remarks)")
    } else {
      #expect(model.remarks.contains { $0.contains("head") }, "\(model.remarks)")
    }
    #expect(try Self.difference(model, values) < 1e-4)
  }

  @Test(
    arguments: [
      ("ema.pth", "state_dict_ema", "module."), ("ema.pth", "state_dict", nil),
      ("teacher.pth", "teacher", "backbone."), ("teacher.pth", "student", "module.backbone."),
    ])
  func aChoiceIsTaken(name: String, key: String, prefix: String?) throws {
    let values = try #require(Self.forms["lightning.ckpt"]?.values)
    for choice in [WeightChoice(key: key), WeightChoice(key: key, prefix: prefix)] {
      let model = try Self.model(name, choice)
      #expect(model.origin?.key == key && model.origin?.prefix == prefix)
      #expect(try Self.difference(model, values) < 1e-4)
    }
  }

  @Test func aPrefixAloneChoosesAmongEncoders() throws {
    let values = try #require(Self.forms["moco.pth.tar"]?.values)
    let model = try Self.model("moco.pth.tar", WeightChoice(prefix: "module.encoder_k"))
    #expect(model.origin?.prefix == "module.encoder_k.")
    #expect(try Self.difference(model, values) < 1e-4)
  }

  /// A trainer's own state holds averages beside the weights: it opens, and is asked about where a network is wanted.
  @Test func severalNetworksInOneDictionaryOpen() throws {
    let folder = try TemporaryFolder()
    let source = try Checkpoint(contentsOf: Self.folder + "/headless.pth")
    let tensors = try ["average.", "momentum."].flatMap { prefix in
      try source.filter { !$0.isStepCounter }.map { (prefix + $0.name, try $0.tensor()) }
    }
    let path = folder.path + "/state.safetensors"
    try Checkpoint(tensors).write(to: path)
    let state = try Checkpoint(contentsOf: path)
    #expect(state.count == tensors.count)
    let error = CheckpointError.severalNetworks(
      path: path, choices: ["--prefix average.", "--prefix momentum."])
    #expect(throws: error) { try Model(checkpoint: state) }
    #expect(throws: error) { try state.withCanonicalNames() }
    let chosen = try Checkpoint(contentsOf: path, choice: WeightChoice(prefix: "momentum"))
    #expect(try Model(checkpoint: chosen).origin?.leftOver == ["average."])
  }

  @Test func whatIsNotThereIsNamed() {
    let path = Self.folder + "/ema.pth"
    #expect(
      throws: CheckpointError.noSuchPlace(
        path: path, option: "--key", name: "ema", known: ["state_dict", "state_dict_ema"])
    ) { try Checkpoint(contentsOf: path, choice: WeightChoice(key: "ema")) }
    #expect(
      throws: CheckpointError.noSuchPlace(path: path, option: "--prefix", name: "net.", known: ["module."])
    ) { try Checkpoint(contentsOf: path, choice: WeightChoice(prefix: "net")) }
  }

  @Test func configurationsBesideAreUsed() throws {
    let face = try Self.model("huggingface/pytorch_model.bin")
    #expect(face.classes == ["cat", "dog", "owl", "elk", "emu"])
    #expect(face.preprocessing.size == 96 && face.preprocessing.mean == [0.5, 0.4, 0.3])
    #expect(face.preprocessing.standardDeviation == [0.25, 0.2, 0.1])
    #expect(face.origin?.files == ["config.json", "preprocessor_config.json"])
    let timm = try Self.model("timm/pytorch_model.bin")
    #expect(timm.classes == ["cat", "dog", "n3", "n4", "n5"])
    #expect(timm.preprocessing.size == 64 && timm.preprocessing.mean == [0.1, 0.2, 0.3])
    for model in [face, timm] {
      #expect(model.remarks.contains { $0.contains("asks for bicubic resizing") }, "\(model.remarks)")
    }
  }

  /// What the user or the file itself says goes before what stands beside it; what cannot be used is told.
  @Test func configurationsThatDoNotFitAreToldAndLeftOut() throws {
    let folder = try TemporaryFolder()
    let weights = folder.path + "/w.pth"
    try FileManager.default.copyItem(atPath: Self.folder + "/dropout.pth", toPath: weights)
    func model(_ config: String, _ processor: String = "{}") throws -> Model {
      try config.write(toFile: folder.path + "/config.json", atomically: true, encoding: .utf8)
      try processor.write(
        toFile: folder.path + "/preprocessor_config.json", atomically: true, encoding: .utf8)
      return try Model(checkpoint: Checkpoint(contentsOf: weights))
    }
    let usual = try Self.model("dropout.pth").preprocessing
    let two = try model(#"{"model_type":"resnet","id2label":{"0":"a","1":"b"},"hidden_act":"silu"}"#)
    #expect(two.classes.isEmpty && two.preprocessing == usual)
    #expect(two.remarks.contains("config.json beside it names 2 classes, but there are 5; they are not used"))
    #expect(two.remarks.contains { $0.contains("silu") })
    // What the network may be otherwise is said in any case.
    func beside(_ model: Model) -> [String] { model.remarks.filter { !$0.hasPrefix("taken for ") } }
    #expect(beside(try model(#"{"model_type":"bert"}"#)).isEmpty)
    #expect(beside(try model("{")) == ["config.json beside it cannot be read and is not used"])
    let odd = try model("[]", #"{"image_mean":[1,2],"size":100000}"#)
    #expect(odd.preprocessing == usual)
    #expect(odd.remarks.contains { $0.hasPrefix("what stands beside it is not used: ") }, "\(odd.remarks)")
  }

  /// A tensor too many, one that is missing and one of another shape, inside the network.
  @Test func theNearestNetworkIsNamed() throws {
    let whole = try Checkpoint(contentsOf: Self.folder + "/headless.pth")
    var tensors = try whole.map { ($0.name, try $0.tensor()) }
    func sentence() throws -> String {
      let error = #expect(throws: ModelError.self) { try Model(checkpoint: Checkpoint(tensors)) }
      return error?.description ?? ""
    }
    tensors.append(("layer1.0.scale", Tensor([1], shape: [1])))
    #expect(
      try sentence().hasPrefix(
        "memory: fits no known network; the nearest is cifar-resnet20: unexpected 'layer1.0.scale'; ")
    )
    tensors.removeLast()
    tensors.removeAll { $0.0 == "layer2.1.conv2.weight" }
    #expect(
      try sentence().contains(
        "nearest is cifar-resnet20: missing 'layer2.1.conv2.weight'; 'edviz inspect memory'"))
    tensors.append(("layer2.1.conv2.weight", Tensor(repeating: 0, shape: [32, 32, 1, 1])))
    #expect(
      try sentence().contains("mis-shaped 'layer2.1.conv2.weight' [32, 32, 1, 1] instead of [32, 32, 3, 3]"))
  }

  @Test func whatIsConvertedIsTheNetworkAlone() throws {
    for name in [
      "lightning.ckpt", "huggingface/pytorch_model.bin", "moco.pth.tar", "no-bias.pth", "sharded.pth",
    ] {
      let source = try Checkpoint(contentsOf: Self.folder + "/" + name)
      let model = try Model(checkpoint: source)
      let tensors = try model.tensors(in: source)
      let names = Set(model.network.parameters.map(\.name))
      #expect(Set(tensors.filter { !$0.isStepCounter }.map(\.name)) == names)
      let again = try Model(checkpoint: tensors)
      #expect(again.network.description == model.network.description && again.origin?.prefix == nil)
      #expect(again.origin?.leftOver.isEmpty != false)
    }
  }
}
