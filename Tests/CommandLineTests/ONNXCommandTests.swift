import EDViz
import Foundation
import Testing

private let python = Program.python(with: "onnx", "onnxruntime")

@Suite struct ONNXCommandTests {
  private let weights = Program.repository("Sources/CDefaultModel/default.safetensors")

  @Test func modelsBecomeONNX() throws {
    let folder = try TemporaryFolder()
    func convert(_ options: String...) throws -> Program.Outcome {
      try Program.run(["convert", weights, "net.onnx"] + options, in: folder.path)
    }
    let outcome = try convert("--tap", "last:ED", "--tap", "layer1.0", "--input-size", "64x96")
    #expect(outcome.status == 0 && outcome.output == "net.onnx\n")
    #expect(outcome.errors.contains("default, 1.38 M"))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/net.onnx"))
    // Names stand in the file as they are.
    for name in ["layer4.1.decoder", "layer1.0.shortcut", "edviz.preprocessing", "tabby", "folded"] {
      #expect(bytes.range(of: Data(name.utf8)) != nil, "\(name)")
    }
    #expect(try convert().status == 73)
    #expect(try convert("--force", "--keep-batch-norm").status == 0)
    #expect(try Folders.contents(of: folder.path) == ["net.onnx"])
  }

  @Test func wrongWordsAreUsageErrors() throws {
    let folder = try TemporaryFolder()
    for (output, options, sentence) in [
      ("n.onnx", ["--tap", "last:nothing"], "no branch is called 'nothing'"),
      ("n.onnx", ["--tap", "layer9.9"], "no block is called 'layer9.9'"),
      ("n.onnx", ["--tap", "last:"], "no branch is called ''"),
      ("n.onnx", ["--input-size", "0"], "--input-size is '0'"),
      ("n.onnx", ["--precision", "f16"], "--precision and --names are for .safetensors"),
      ("n.safetensors", ["--tap", "last"], "need an output that ends in .onnx"),
      ("n.pb", [], "must end in .safetensors or .onnx"),
    ] {
      let outcome = try Program.run(["convert", weights, output] + options, in: folder.path)
      #expect(outcome.status == 64 && outcome.errors.contains(sentence), "\(outcome.errors)")
    }
    #expect(try Folders.contents(of: folder.path) == [])
  }

  @Test func parametersAreListed() throws {
    let outcome = try Program.run(["models", "parameters", "cifar-ed-resnet20"])
    #expect(outcome.status == 0)
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.contains(["layer1.layer1_block_0.encoder.encoder_conv.weight", "16×1×3×3"]))
    let parameters = try Network(ModelRegistry.description(named: "cifar-ed-resnet20")).parameters
    let json = try Program.run(["models", "parameters", "cifar-ed-resnet20", "--json"])
    let records = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(records.compactMap { $0["name"] as? String } == parameters.map(\.name))
    #expect(records.compactMap { $0["shape"] as? [Int] } == parameters.map(\.shape))
    #expect(try Program.run(["models", "parameters", "nothing"]).status == 64)
  }

  /// ONNX Runtime computes the same, where EDVIZ_PYTHON names a Python that has it.
  @Test(.enabled(if: python != nil, "EDVIZ_PYTHON names no Python with onnx and onnxruntime"))
  func runtimeAgrees() throws {
    let python = try #require(python)
    let script = Program.repository("Tests/ONNXTests/Reference/check_onnx.py")
    let outcome = try Program.run(
      path: python,
      [script, "--edviz", Program.path, "cifar-ed-resnet20", "cifar-resnet20-option-a", "se-ed-resnet26"])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    print(outcome.output, outcome.errors)
  }
}
