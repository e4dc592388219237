import EDViz
import Foundation
import Testing

/// `edviz inspect`, and what loading says of files that fit no network.
@Suite struct InspectCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of PyTorch's, made by Tests/EDNetsTests/Reference/make_checkpoints.py.
  private static func form(_ name: String) -> String {
    Program.repository("Tests/EDNetsTests/Fixtures/checkpoints/" + name)
  }

  private func record(_ words: [String]) throws -> [String: Any] {
    let outcome = try Program.run(["inspect"] + words + ["--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(value as? [String: Any])
  }

  @Test func whatAFileHoldsIsShown() throws {
    let outcome = try Program.run(["inspect", Self.form("lightning.ckpt")])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    for part in [
      "format     PyTorch archive", "tensors    129 under 'state_dict'", "beside     epoch: 3",
      "beside     hyper_parameters.lr: 0.1",
      "network    cifar-resnet20, 0.27 M parameters, 5 classes", "names      torchvision behind 'model.'",
      "no place for 'criterion.weight'", "load       edviz heatmap photo.jpg --weights ",
    ] { #expect(outcome.output.contains(part), "\(part)\n\(outcome.output)") }
    let row = outcome.output.split(separator: "\n").first { $0.hasPrefix("model.conv1.weight ") }
    #expect(row?.contains(" 16×3×3×3 ") == true && row?.contains(" F32 ") == true, "\(row ?? "")")
  }

  /// What loading a file needs is what the answer says.
  @Test func theCommandLoads() throws {
    let found = try record([Self.form("ema.pth")])
    #expect(found["network"] == nil)
    #expect(
      (found["problem"] as? String)?.contains("say which with --key state_dict or --key state_dict_ema")
        == true)
    let commands = try #require(found["commands"] as? [String])
    #expect(commands.count == 2)
    let words = try #require(commands.last).split(separator: " ").map(String.init)
    #expect(words.suffix(2) == ["--key", "state_dict_ema"])
    let pictures = Program.repository("Tests/ImagesTests/Fixtures/jpeg")
    let picture = try #require(
      FileManager.default.contentsOfDirectory(atPath: pictures).sorted().first { $0.hasSuffix(".jpg") })
    let outcome = try Program.run(
      ["heatmap", pictures + "/" + picture, "--output", folder.path + "/out"] + words.dropFirst(3))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains(
        "taken for cifar-resnet20, under 'state_dict_ema', 'module.' taken off the names"))
    let manifest = try Manifest(contentsOf: folder.path + "/out/manifest.json")
    #expect(manifest.model?.origin?.key == "state_dict_ema" && manifest.model?.origin?.prefix == "module.")
    // Without the option it is asked for.
    let silent = try Program.run(["heatmap", pictures + "/" + picture] + words[3...4])
    #expect(silent.status == 65 && silent.errors.contains("--key state_dict_ema"), "\(silent.errors)")
  }

  @Test func tensorsAreMeasured() throws {
    let path = folder.path + "/w.safetensors"
    let odd = Tensor([.nan, -2, 3, .infinity, .nan], shape: [5])
    try Checkpoint([("a", odd), ("b", Tensor([1, 2], shape: [1, 2]))]).write(to: path)
    let found = try record([path])
    let tensors = try #require(found["tensors"] as? [[String: Any]])
    let a = try #require(tensors.first { $0["name"] as? String == "a" })
    #expect(a["range"] as? [Double] == [-2, 3] && a["nan"] as? Int == 2 && a["infinite"] as? Int == 1)
    #expect(a["shape"] as? [Int] == [5] && a["type"] as? String == "F32")
    let b = try #require(tensors.first { $0["name"] as? String == "b" })
    #expect(b["nan"] == nil && b["range"] as? [Double] == [1, 2])
    #expect((found["problem"] as? String)?.contains("no residual blocks are found by their names") == true)
  }

  @Test func theNearestNetworkAndItsDifferencesAreShown() throws {
    let source = try Checkpoint(contentsOf: Self.form("headless.pth"))
    let path = folder.path + "/near.safetensors"
    try Checkpoint(
      source.filter { $0.name != "layer3.0.bn1.bias" }.map { ($0.name, try $0.tensor()) }
        + [("layer1.0.scale", Tensor([1], shape: [1]))]
    ).write(to: path)
    let found = try record([path])
    let nearest = try #require((found["nearest"] as? [[String: Any]])?.first)
    #expect(nearest["name"] as? String == "cifar-resnet20" && nearest["differences"] as? Int == 2)
    #expect(nearest["missing"] as? [String] == ["layer3.0.bn1.bias"])
    #expect(nearest["unexpected"] as? [String] == ["layer1.0.scale"])
    let text = try Program.run(["inspect", path]).output
    #expect(text.contains("nearest    cifar-resnet20: 2 tensors differ"), "\(text)")
    let load = try Program.run(["heatmap", "none.jpg", "--weights", path])
    #expect(load.status != 0)
  }

  @Test(
    arguments: [
      ("<!DOCTYPE html><html><title>Quota exceeded</title></html>", "an HTML page"),
      (
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n",
        "a Git LFS pointer to a file of 12345 bytes"
      ),
      ("\u{1f}\u{8b}", nil), ("Entry not found", "a text that begins 'Entry not found'"),
      ("{\"error\": 1}", "a JSON text"),
      ("", "an empty file"), ("PK\u{5}\u{6}", nil),
    ] as [(String, String?)])
  func whatHoldsNoWeightsIsNamed(content: String, kind: String?) throws {
    let path = folder.path + "/w.pth"
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    let load = try Program.run(["convert", path, folder.path + "/o.safetensors"])
    #expect(load.status == 65)
    guard let kind else { return }
    #expect(load.errors.contains("w.pth: is no weight file, but \(kind)"), "\(load.errors)")
    let outcome = try Program.run(["inspect", path])
    #expect(
      outcome.status == 0 && outcome.output.contains("is no weight file, but \(kind)"), "\(outcome.output)")
    #expect((try record([path])["kind"] as? String)?.hasPrefix(kind) == true)
  }

  @Test func damageAndAbsenceKeepTheirStatus() throws {
    let path = folder.path + "/w.pth"
    let whole = try #require(FileManager.default.contents(atPath: Self.form("headless.pth")))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
    #expect(try Program.run(["inspect", path]).status == 65)
    #expect(try Program.run(["inspect", folder.path + "/none.pth"]).status == 66)
  }
}
