import Attention
import Checkpoints
import EDNets
import Foundation
import Images
import Networks
import Tensors
import Testing

/// Maps of classes and evidence by branch against an independent implementation in double (PyTorch), which was itself compared
/// with pytorch-grad-cam, torch-cam and Captum.
///
/// Tolerances are of the largest magnitude of each map: 1e-5, which is float32's rounding of sums over some hundred channels;
/// 1e-4 where the network runs again, 5e-4 where differences of nearly equal logits of a deep network count.
@Suite struct GoldenExplanationTests {
  /// Those of public weights, if EDVIZ_DATA has them, and one that needs no large data.
  private static let cases = (data == nil ? [] : ["a1", "a2", "b1", "b2", "b3"]) + ["c1"]

  private static let data = ProcessInfo.processInfo.environment["EDVIZ_DATA"].flatMap { folder in
    ["weights", "cifar10-lossless"].allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
      ? folder : nil
  }

  private static let methods: [(golden: String, name: String)] = [
    ("CAM", "cam"), ("gradCAM", "grad-cam"), ("gradCAMppExact", "grad-cam++"), ("hiResCAM", "hires-cam"),
    ("xGradCAM", "xgrad-cam"), ("layerCAM", "layer-cam"), ("eigenCAM", "eigen-cam"),
    ("eigenGradCAM", "eigen-grad-cam"), ("scoreCAM", "score-cam"),
    ("scoreCAMHalfPixel", "score-cam-half-pixel"),
    ("ablationCAM", "ablation-cam"),
  ]

  private typealias Fields = [String: Any]

  private static func golden(_ id: String) throws -> Fields {
    let file = try #require(
      Bundle.module.url(forResource: "Fixtures/explanations/golden", withExtension: "json"))
    let whole = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? Fields)
    return try #require((whole["cases"] as? [Fields])?.first { $0["id"] as? String == id })
  }

  /// The network, and what it is given.
  private static func made(_ golden: Fields, _ id: String) throws -> (Model, Tensor) {
    let input = try #require(golden["input"] as? Fields)
    if id == "c1" {
      let shape = try #require(input["shape"] as? [Int])
      return (
        try generated("ed-resnet50", seed: 0),
        GoldenGenerator.tensor(named: "input", shape: shape, seed: 0).channelsLast()
      )
    }
    let folder = try #require(data)
    if id.hasPrefix("a") {
      let model = try Model(checkpoint: Checkpoint(contentsOf: "\(folder)/weights/resnet20-12fca82f.th"))
      let rows = try Image(contentsOf: "\(folder)/cifar10-lossless/cifar10_batch_50.png")
      let row = try #require(input["row"] as? Int)
      let image = Image(width: 32, height: 32, pixels: Array(rows.pixels[row * 3072..<(row + 1) * 3072]))
      return (model, model.preprocessing.tensor(of: image))
    }
    let text = """
      {"stem": {"kernel": 3, "stride": 2, "filters": 24, "maxPool": false}, "transform": {"basic": {}},
      "stages": [{"blocks": 2, "width": 24, "stride": 1}, {"blocks": 2, "width": 48, "stride": 2},
      {"blocks": 2, "width": 96, "stride": 2}, {"blocks": 2, "width": 160, "stride": 1}],
      "shortcut": "projection", "path": {"encoderDecoder": {"groups": 8}}, "classes": 50}
      """
    let description = try JSONDecoder().decode(NetworkDescription.self, from: Data(text.utf8))
    let model = try Model(
      checkpoint: Checkpoint(contentsOf: "\(folder)/weights/ed-interim.safetensors"),
      architecture: .described(description, name: "interim"))
    let file = try #require(
      Bundle.module.url(forResource: "Fixtures/explanations/\(id)", withExtension: "png"))
    return (model, model.preprocessing.tensor(of: try Image(contentsOf: file.path)))
  }

  /// A registered network with generated parameters.
  private static func generated(_ name: String, seed: UInt64) throws -> Model {
    let description = try ModelRegistry.description(named: name)
    let tensors = try Network(description).parameters.map {
      ($0.name, GoldenGenerator.tensor(named: $0.name, shape: $0.shape, seed: seed))
    }
    return try Model(
      name: name, description: description, checkpoint: Checkpoint(tensors),
      preprocessing: .usual(for: description), classes: [])
  }

  @Test(.enabled(if: data != nil, "EDVIZ_DATA has no weights/ and cifar10-lossless/"))
  func casesOfPublicWeightsAreThere() { #expect(Self.cases.count == 6) }

  @Test(arguments: cases, ["onednn", "openblas"])
  func mapsAndEvidenceAgree(id: String, backendName: String) throws {
    let golden = try Self.golden(id)
    let (model, images) = try Self.made(golden, id)
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let session = AttentionSession(model: model, backend: backend)
    let question = ClassQuestion(.index(try #require(golden["class"] as? Int)))
    let logit = try #require(golden["logit"] as? Double)
    var worst = (error: 0.0, what: "")
    func compare(
      _ values: [Float], _ expected: Any?, _ tolerance: Double, _ what: String, by factor: Double = 1
    ) throws {
      let expected = try #require(expected as? [Double], "\(what)")
      try #require(values.count == expected.count, "\(what)")
      let scale = expected.map(abs).max() ?? 0
      let error = zip(values, expected).map { abs(Double($0) * factor - $1) }.max() ?? 0
      #expect(error <= tolerance * scale, "\(what): \(error / scale)")
      if error / scale > worst.error { worst = (error / scale, what) }
    }
    for layer in try #require(golden["layers"] as? [Fields]) {
      let block = try #require(layer["block"] as? String)
      let maps = try #require(layer["maps"] as? [String: [Double]])
      // A network of 2,048 channels is run as many times for each of these.
      let isSlow = id == "c1" && ProcessInfo.processInfo.environment["EDVIZ_SLOW"] != "1"
      let methods = Self.methods.filter { method in
        maps[method.golden] != nil && !(isSlow && ["scoreCAM", "ablationCAM"].contains(method.golden))
      }
      let terms = (layer["hiResByBranch"] as? [String: [Double]]) ?? [:]
      let tap = Tap(block: block)
      var wanted: [(tap: Tap, methods: [any MapMethod])] = [
        (tap, try methods.map { try MapMethods.named($0.name) })
      ]
      wanted += try terms.keys.map { (Tap(block: block, branch: try AttentionBranch(named: $0)), []) }
      let found = try session.explain(wanted, question: question, images: images)
      for (key, map) in found.maps {
        let what = "\(block) \(key.tap.branch.name) \(key.method)"
        if key.method == "evidence" {
          try compare(map.elements, terms[key.tap.branch.name], 1e-5, what)
          continue
        }
        let method = try #require(methods.first { $0.name == key.method })
        let runsAgain = ["score-cam", "score-cam-half-pixel", "ablation-cam"].contains(method.name)
        let isDivided = method.name == "ablation-cam"
        let tolerance = runsAgain ? (isDivided && id == "c1" ? 5e-4 : 1e-4) : 1e-5
        try compare(map.elements, maps[method.golden], tolerance, what, by: isDivided ? 1 / logit : 1)
      }
      #expect(found.maps.count == methods.count + terms.count)
      if let logits = golden["logits"] as? Fields {
        let index = try #require(logits["index"] as? [Int])
        try compare(index.map { found.logits[$0] }, logits["value"], 1e-5, "logits")
      } else {
        try compare(found.logits.elements, golden["logits"], 1e-5, "logits")
      }
    }
    print("\(id) on \(backendName): worst \(worst.error) (\(worst.what))")
  }

  /// At every block the terms' evidence and what batch normalisations above add are the logit: checked by totals. At the last
  /// block the terms alone and the bias are, within 1e-5 of the sum of magnitudes.
  @Test(arguments: cases, ["onednn", "openblas"])
  func evidenceAddsUp(id: String, backendName: String) throws {
    let golden = try Self.golden(id)
    let (model, images) = try Self.made(golden, id)
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let session = AttentionSession(model: model, backend: backend)
    let blocks = try #require(golden["gradientTimesBranch"] as? [Fields])
    let taps = try blocks.flatMap { block in
      try #require(block["totals"] as? [String: Double]).keys.map { branch in
        Tap(block: try #require(block["block"] as? String), branch: try AttentionBranch(named: branch))
      }
    }
    let question = ClassQuestion(.index(try #require(golden["class"] as? Int)))
    let found = try session.explain(taps.map { ($0, []) }, question: question, images: images)
    var totals: [Tap: Double] = [:]
    for (key, map) in found.maps { totals[key.tap] = map.elements.reduce(0) { $0 + Double($1) } }
    #expect(totals.count == taps.count)
    for block in blocks {
      let name = try #require(block["block"] as? String)
      let expected = try #require(block["totals"] as? [String: Double])
      let above = try #require(block["biasesAbove"] as? Double)
      let size = expected.values.reduce(abs(above)) { $0 + abs($1) }
      for (branch, total) in expected {
        let own = try #require(totals[Tap(block: name, branch: try AttentionBranch(named: branch))])
        // A gate below which one value is nearly 0 may be open here and shut there, which all maps below it tell.
        #expect(abs(own - total) < 1e-3 * size, "\(name) \(branch): \(own) and \(total)")
      }
    }
    let last = try #require(blocks.last)
    let name = try #require(last["block"] as? String)
    let parts = totals.filter { $0.key.block == name }.map(\.value)
    let bias = try #require(last["fcBias"] as? Double)
    let logit = Double(found.logits[try #require(golden["class"] as? Int)])
    #expect(abs(parts.reduce(bias, +) - logit) < 1e-5 * parts.reduce(abs(bias)) { $0 + abs($1) })
  }

  @Test func whatMeansNothingIsRefused() throws {
    let session = AttentionSession(model: try Self.generated("cifar-ed-resnet20", seed: 1))
    func refused(_ method: String, _ tap: Tap) throws -> String {
      let error = #expect(throws: AttentionError.self) {
        try session.check(try MapMethods.named(method), at: tap)
      }
      return error?.description ?? ""
    }
    let transform = Tap(branch: .branch(.transform))
    #expect(
      try refused("grad-cam++", transform).contains(
        "grad-cam++ means nothing for the transform of block last"))
    #expect(
      try refused("cam", Tap(block: "layer1.0")).contains("cam is of the output of the last block alone"))
    #expect(try refused("score-cam", Tap(branch: .inputAndTransform)).contains("the block never forms x+F"))
    #expect(throws: AttentionError.self) { try MapMethods.named("grad") }
    try session.check(try MapMethods.named("grad-cam"), at: transform)
    try session.check(try MapMethods.named("cam"), at: Tap())
  }

  @Test func classesAreFoundByNameRankAndPlace() throws {
    let classes = ["tabby", "Persian cat", "7"]
    func choice(_ text: String) throws -> ClassChoice { try ClassChoice(text, classes: classes, count: 12) }
    #expect(try choice("persian CAT") == .index(1) && choice("7") == .index(2) && choice("8") == .index(8))
    #expect(try choice("top") == .rank(1) && choice("runner-up") == .rank(2) && choice("top12") == .rank(12))
    for wrong in ["tabbi", "12", "-1", "top0", "top13", ""] {
      #expect(throws: AttentionError.self, "\(wrong)") { try choice(wrong) }
    }
    let error = #expect(throws: AttentionError.self) { try choice("tabbi") }
    #expect(error?.description.contains("the nearest are tabby") == true)
  }
}
