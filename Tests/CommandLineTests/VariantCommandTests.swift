import EDViz
import Foundation
import Testing

@Suite struct VariantCommandTests {
  private let photo = Program.repository("Examples/Photos/coffee.jpg")

  /// Weights under names alone, as PyTorch saves them.
  private func folder(_ name: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let network = try Network(ModelRegistry.description(named: name, classes: 3))
    Initializer.fill(network.parameters, seed: 1)
    try Checkpoint(network.parameters.map { ($0.name, $0.value) }).write(
      to: folder.path + "/net.safetensors")
    return folder
  }

  /// What weights leave open is named once a run, stands in the manifest, and is silent when it is said.
  @Test func remarksNameWhatIsOpen() throws {
    let folder = try folder("cifar-resnet8")
    let words = ["heatmap", photo, photo, "-w", "net.safetensors", "-o", "out", "--force"]
    let remark =
      "net.safetensors: taken for cifar-resnet8; if it differs where weights tell nothing, say --variant blur, average, "
      + "silu, gelu, leaky or eps-VALUE, else --variant plain"
    let open = try Program.run(words, in: folder.path)
    #expect(open.status == 0 && open.errors.components(separatedBy: remark).count == 2)
    let manifest = try JSONDecoder().decode(
      Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: folder.path + "/out/manifest.json")))
    #expect(manifest.remarks == [String(remark.dropFirst("net.safetensors: ".count))])
    for said in [
      ["--variant", "plain"], ["--variant", "blur,silu"], ["--model", "cifar-resnet8"], ["--quiet"],
    ] {
      let outcome = try Program.run(words + said, in: folder.path)
      #expect(outcome.status == 0 && !outcome.errors.contains("taken for"), "\(outcome.errors)")
    }
  }

  /// Variants change what is computed, are the same in a name, and travel with converted weights.
  @Test func variantsAreApplied() throws {
    let folder = try folder("cifar-resnet8")
    let pixels: [Float] = (0..<3 * 20 * 28).map { Float($0 % 97) / 48 - 1 }
    let array = NumPyArray(shape: [1, 3, 20, 28], elements: pixels)
    try AtomicFile.write(array.encoded, to: folder.path + "/in.npy")
    func logits(_ weights: String, _ options: [String]) throws -> [Float] {
      let words = ["taps", "in.npy", "-w", weights, "-b", "last", "-o", "t.safetensors", "--force"]
      let outcome = try Program.run(words + options, in: folder.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let taps = try Checkpoint(contentsOf: folder.path + "/t.safetensors")
      return try #require(taps["logits"]).tensor().elements
    }
    let plain = try logits("net.safetensors", ["--variant", "plain"])
    let both = try logits("net.safetensors", ["--variant", "blur", "--variant", "silu"])
    #expect(plain != both)
    #expect(try logits("net.safetensors", ["--model", "cifar-resnet8-silu-blur"]) == both)
    let converted = try Program.run(
      ["convert", "net.safetensors", "all.safetensors", "--variant", "blur,silu"], in: folder.path)
    #expect(converted.status == 0 && converted.errors.contains("cifar-resnet8-blur-silu"))
    #expect(try logits("all.safetensors", []) == both)
  }

  @Test func wrongVariantsAreUsageErrors() throws {
    let folder = try folder("cifar-resnet8")
    for (word, reason) in [
      ("blurr", "no variant is called 'blurr'; there are caffe, blur"), ("caffe", "is for bottlenecks"),
      ("", "''"),
      ("eps-2", "no variant is called 'eps-2'"), ("d", "is for a stem of one 7×7 convolution"),
    ] {
      let outcome = try Program.run(
        ["mask", photo, "-w", "net.safetensors", "--variant", word], in: folder.path)
      #expect(outcome.status == 64 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
    let unused = try Program.run(["bench", "--model", "cifar-resnet8", "--variant", "blur"], in: folder.path)
    #expect(unused.status == 64 && unused.errors.contains("--variant is for --weights"))
  }

  /// One channel is fed grey levels, with one number for mean and deviation; four are not for photographs.
  @Test func otherChannels() throws {
    let gray = try folder("cifar-resnet8-channels-1")
    let words = ["heatmap", photo, "-w", "net.safetensors", "-o", "out", "--force"]
    let outcome = try Program.run(words + ["--mean", "0.1307", "--std", "0.3081"], in: gray.path)
    #expect(outcome.status == 0 && outcome.errors.contains("photographs are made grey"))
    let three = try Program.run(words + ["--mean", "0.1,0.1,0.1"], in: gray.path)
    #expect(
      three.status == 64 && three.errors.contains("--mean has 3 numbers, but the network reads one channel"))

    let four = try folder("cifar-resnet8-channels-4")
    for command in ["heatmap", "mask", "stats", "taps"] {
      let outcome = try Program.run(
        [command, photo, "-w", "net.safetensors", "-o", "out", "--force"], in: four.path)
      #expect(outcome.status == 65, "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains("reads 4 channels, which photographs do not have"))
    }
    let array = NumPyArray(shape: [1, 4, 9, 9], elements: [Float](repeating: 0.5, count: 4 * 81))
    try AtomicFile.write(array.encoded, to: four.path + "/in.npy")
    let taps = ["taps", "in.npy", "-w", "net.safetensors", "-o", "t.safetensors"]
    #expect(try Program.run(taps, in: four.path).status == 0)
    let wrong = try Program.run(taps + ["--force"], in: gray.path)
    #expect(wrong.status == 66)
  }
}
