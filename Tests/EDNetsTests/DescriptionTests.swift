import Checkpoints
import EDNets
import Files
import Foundation
import Images
import Tensors
import Testing

@Suite struct DescriptionTests {
  private var good: NetworkDescription {
    NetworkDescription(
      stem: NetworkDescription.Stem(kernel: 3, stride: 1, filters: 8, maxPool: false),
      transform: BasicTransform(),
      stages: [
        NetworkDescription.Stage(blocks: 1, width: 8, stride: 1),
        NetworkDescription.Stage(blocks: 1, width: 16, stride: 2),
      ],
      path: EncoderDecoder(groups: 4), classes: 5)
  }

  @Test func impossibleDescriptionsNameTheField() {
    func message(_ change: (inout NetworkDescription) -> Void) -> String {
      var description = good
      change(&description)
      do {
        _ = try Network(description)
        return "no error"
      } catch { return error.description }
    }
    #expect(message { _ in } == "no error")
    #expect(
      message { $0.path = EncoderDecoder(groups: 3) }
        == "path.groups is 3, which does not divide the 8 encoder filters of stages[0]")
    #expect(message { $0.stages = [] } == "the number of stages is 0, but must be from 1 to 16")
    #expect(message { $0.stages[1].width = 0 } == "stages[1].width is 0, but must be from 1 to 65536")
    #expect(message { $0.stem.kernel = 4 } == "stem.kernel is 4, but must be odd")
    #expect(message { $0.classes = -1 } == "classes is -1, but must be from 0 to 1000000")
    #expect(message { $0.stages[0].blocks = .max }.hasPrefix("stages[0].blocks is"))
    #expect(
      message { $0.transform = BottleneckTransform(groups: 3) }
        == "transform.groups is 3, which does not divide the 8 3×3 filters of stages[0]")
    #expect(message { $0.transform = Res2NetTransform(scales: 1) }.hasPrefix("transform.scales is 1"))
    #expect(message { $0.gate = CBAM(reduction: 9) } == "gate.reduction is 9, but must be from 1 to 8")
    #expect(message { $0.gate = CBAM(reduction: 2, kernel: 4) } == "gate.kernel is 4, but must be odd")
    #expect(message { $0.path = EncoderDecoder(groups: 4, stride: 4) }.hasPrefix("path.stride is 4"))
    #expect(
      message { $0.path = EncoderDecoder(groups: 4, kernel: 5) }
        == "path.kernel is 5, but must be from 3 to 4")
    #expect(
      message { ($0.path, $0.stages[1].path) = (nil, false) }
        == "stages[1].path is false, but the network has none")
    #expect(
      message {
        ($0.path, $0.identity, $0.stages[0].path) = (EncoderDecoder(groups: 4), false, false)
      } == "stages[0].path is false, but nothing takes the identity's place")
    #expect(
      message {
        ($0.path, $0.transform, $0.stages[0].path) = (EncoderDecoder(groups: 4), nil, false)
      } == "stages[0].path is false, but there is no transform")
    #expect(message { ($0.transform, $0.path) = (nil, nil) }.hasPrefix("there is neither transform nor path"))
    #expect(message { ($0.identity, $0.path) = (false, nil) }.hasPrefix("identity is false"))
    #expect(
      message { ($0.transform, $0.gate) = (nil, CBAM(reduction: 2)) }.hasPrefix("gate has nothing to gate"))
    #expect(
      message { ($0.shortcut, $0.stages[1].width) = (.subsample, 4) }.hasPrefix(
        "stages[1] makes 4 channels"))
  }

  /// A path in late stages only: the others' blocks have no taps and no parameters of it, and the choice is written down.
  @Test func stagesMayRefuseThePath() throws {
    var description = good
    description.path = EncoderDecoder(groups: 4, kernel: 4)
    description.stages[0].path = false
    let network = try Network(description)
    for block in network.blocks { #expect((block.taps[.decoder] != nil) == (block.stage != 1)) }
    let names = network.parameters.map(\.name).filter { $0.contains(".encoder.") }
    #expect(!names.isEmpty && names.allSatisfy { !$0.hasPrefix("layer1.") })
    #expect(StageTable(network, NetworkSummary(network, input: Size2D(32))).rows[1].path.isEmpty)
    let text = try JSONEncoder().encode(description)
    #expect(try JSONDecoder().decode(NetworkDescription.self, from: text) == description)
    #expect(String(decoding: text, as: UTF8.self).contains(#""path":false"#))
    #expect(!String(decoding: try JSONEncoder().encode(good), as: UTF8.self).contains(#""path":true"#))
  }

  /// Each part within its limits, and the whole beyond any memory.
  @Test func giantsAreRefused() {
    var deep = good
    deep.stages = [NetworkDescription.Stage](repeating: .init(blocks: 1024, width: 8, stride: 1), count: 16)
    #expect(throws: DescriptionError.self) { try deep.validate() }
    var wide = good
    wide.stages = [.init(blocks: 1, width: 65_536, stride: 1)]
    #expect(throws: DescriptionError.self) { try Network(wide) }
  }

  @Test func misspeltKeysAreRefused() throws {
    let text =
      #"{"stem":{"kernel":3,"stride":1,"filters":8,"maxPool":false},"transform":{"basic":{}},"stages":[{"blocks":1,"width":8,"stride":1}],"classes":5"#
    func decode(_ rest: String) throws -> NetworkDescription {
      try JSONDecoder().decode(NetworkDescription.self, from: Data((text + rest + "}").utf8))
    }
    let plain = try decode("")
    #expect(plain.path == nil && plain.shortcut == .projection && plain.identity)
    let path = try decode(#","path":{"encoderDecoder":{"groups":4}}"#).path as? EncoderDecoder
    #expect(path == EncoderDecoder(groups: 4))
    #expect(try decode(#","gate":"cbam""#).gate as? CBAM == CBAM())
    #expect(throws: (any Error).self) { try decode(#","path":"encoderDecoder""#) }
    #expect(throws: (any Error).self) { try decode(#","gate":{"cbam":{"ratio":4}}"#) }
    #expect(throws: (any Error).self) { try decode(#","gate":"cbm""#) }
    let folder = try TemporaryFolder()
    let file = folder.path + "/n.json"
    try AtomicFile.write((text + #","pth":{}}"#).utf8, to: file)
    let error = #expect(throws: ModelError.self) { try NetworkDescription(contentsOf: file) }
    #expect(
      error?.description.contains("pth means nothing there; known are stem, transform, gate, stages") == true)
  }

  /// The same network in YAML, which a person would write; a mistake names its field.
  @Test func yamlIsRead() throws {
    let text = """
      stem: {kernel: 3, stride: 1, filters: 8}
      transform: basic
      stages:
        - {blocks: 1, width: 8, stride: 1}
        - {blocks: 1, width: 16, stride: 2}
      path:
        encoderDecoder: {groups: 4}
      classes: 5
      """
    let folder = try TemporaryFolder()
    let file = folder.path + "/n.yaml"
    try AtomicFile.write(text.utf8, to: file)
    #expect(try NetworkDescription(contentsOf: file) == good)
    for (wrong, reason) in [
      ("groups: 4", "groups: 3"), ("basic", "basics"), ("classes: 5", "classes: many"),
      ("{blocks", "[blocks"),
    ] {
      try AtomicFile.write(text.replacing(wrong, with: reason).utf8, to: file)
      let error = #expect(throws: ModelError.self) { try NetworkDescription(contentsOf: file) }
      #expect(error?.description.hasPrefix("\(file): the network cannot be used: ") == true)
    }
  }

  @Test(arguments: ModelRegistry.names)
  func descriptionsRoundTrip(name: String) throws {
    let description = try ModelRegistry.description(named: name)
    let data = try JSONEncoder().encode(description)
    #expect(try JSONDecoder().decode(NetworkDescription.self, from: data) == description)
  }

  /// A description in broken YAML is told as such, by its place.
  @Test(arguments: [
    ("a: [b\n c: {", "it is not YAML: line 2, column 3: did not find expected ',' or ']'"),
    ("a: &x [*y]", "it is not YAML: line 1, column 8: found undefined alias"),
    ("a: 1\na: 2", "it has 'a' twice in one place"),
    ("a\u{1}", "it is not YAML: control characters are not allowed"),
  ])
  func brokenYAMLIsNamed(text: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/net.yaml"
    try AtomicFile.write(text.utf8, to: path)
    let error = #expect(throws: ModelError.self) { try NetworkDescription(contentsOf: path) }
    #expect(error?.description == "\(path): the network cannot be used: \(reason)")
  }

  /// A model saved with its record, and one without, come back as the same network with the same values.
  @Test(arguments: [
    "cifar-ed-resnet20", "cifar-resnet20-option-a", "cifar-ed-resnet20-g4", "cifar-ed-resnet20-g1",
  ])
  func modelsSurviveSaving(name: String) throws {
    let folder = try TemporaryFolder()
    let network = try Network(ModelRegistry.description(named: name, classes: 7))
    GoldenGenerator.fill(network, seed: 3)
    var checkpoint = try Checkpoint(network.parameters.map { ($0.name, $0.value) })
    try checkpoint.write(to: folder.path + "/bare.safetensors")
    let classes = (0..<7).map { "class \($0)" }
    let preprocessing = Preprocessing(size: 40, fit: .square)
    checkpoint.metadata = try ModelMetadata.entries(
      network: network.description, preprocessing: preprocessing, classes: classes)
    try checkpoint.write(to: folder.path + "/full.safetensors")

    let bare = try Model(checkpoint: Checkpoint(contentsOf: folder.path + "/bare.safetensors"))
    let full = try Model(checkpoint: Checkpoint(contentsOf: folder.path + "/full.safetensors"))
    for model in [bare, full] {
      #expect(model.network.description == network.description)
      for (a, b) in zip(model.network.parameters, network.parameters) {
        #expect(a.value.elements == b.value.elements)
      }
    }
    #expect(bare.classes.isEmpty && bare.preprocessing == Preprocessing(size: 32))
    #expect(full.classes == classes && full.preprocessing == preprocessing)
  }

  @Test func badMetadataIsNamed() throws {
    let network = try Network(good)
    GoldenGenerator.fill(network, seed: 3)
    var checkpoint = try Checkpoint(network.parameters.map { ($0.name, $0.value) })
    func message(_ metadata: [String: String]) -> String {
      checkpoint.metadata = metadata
      do {
        _ = try Model(checkpoint: checkpoint, architecture: .described(good, name: "good"))
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message([:]) == "no error")
    #expect(
      message(["classes": "[\"a\"]"]) == "memory: the network has 5 classes, but there are 1 class names")
    #expect(
      message(["classes": "{"])
        == "memory: metadata 'classes' cannot be used: it is not the JSON that is expected")
    #expect(
      message(["edviz.preprocessing": "{\"size\":1}"]).hasPrefix(
        "memory: metadata 'edviz.preprocessing' cannot be used: fit is missing"))
    let zero = #"{"size":64,"fit":"short","mean":[0,0,0],"standardDeviation":[0,1,1]}"#
    #expect(
      message(["edviz.preprocessing": zero]).hasSuffix(
        "cannot be used: its standardDeviation must be above 0 and at most 1, not 0.0,1.0,1.0"))
    checkpoint.metadata = ["edviz.network": "{}"]
    #expect(throws: ModelError.self) { try Model(checkpoint: checkpoint) }
    checkpoint.metadata = [:]
    let error = #expect(throws: ModelError.self) { try Model(checkpoint: checkpoint) }
    #expect(
      error?.description.hasPrefix("memory: fits no known network; the nearest is ") == true,
      "\(error?.description ?? "")")
  }
}

@Suite struct PreprocessingTests {
  private func image(_ width: Int, _ height: Int) -> Image {
    Image(
      width: width, height: height,
      pixels: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 31) })
  }

  @Test func fitsFollowTorchvision() {
    let wide = image(300, 200)
    #expect(Preprocessing(size: 64).fitted(wide).width == 96)
    #expect(Preprocessing(size: 64).fitted(wide).height == 64)
    #expect(Preprocessing(size: 64, fit: .square).fitted(wide).width == 64)
    #expect(Preprocessing(size: 64, fit: .none).fitted(wide) == wide)
    let crop = Preprocessing(size: 224, fit: .crop)
    #expect(crop.fitted(wide) == wide.resized(shortSide: 256).centerCropped(width: 224, height: 224))
    #expect(crop.region(of: wide) == Box(x0: 63, y0: 13, x1: 238, y1: 188))
    #expect(Preprocessing(size: 64).region(of: wide) == Box(x0: 0, y0: 0, x1: 300, y1: 200))
  }

  @Test func panoramasAreSqueezed() {
    let strip = image(4000, 2)
    let fitted = Preprocessing(size: 16).fitted(strip)
    #expect(fitted.width == 128 && fitted.height == 16)
  }

  @Test func coloursAreNormalised() {
    let tensor = Preprocessing(size: 1).tensor(of: Image(width: 1, height: 1, pixels: [255, 0, 128]))
    let expected: [Float] = [(1 - 0.485) / 0.229, -0.456 / 0.224, (128 / 255 - 0.406) / 0.225]
    for c in 0..<3 { #expect(abs(tensor[c] - expected[c]) < 1e-6) }
    #expect(tensor.shape == [1, 1, 1, 3])
  }
}
