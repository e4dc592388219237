import EDViz
import Foundation
import Testing

/// One after another: each program has a team of threads of its own.
@Suite(.serialized) struct EvaluateClassificationCommandTests {
  /// Numbers beyond all integers, and pictures that cannot be read.
  @Test func oddScoresAreScores() throws {
    let shop = try TrainingWorkshop()
    #expect(try shop.train("r.yaml", "-q", "--epochs", "1", "--output", "run").status == 0)
    let checkpoint = try Checkpoint(contentsOf: shop.path + "/run/last.safetensors")
    for (name, factor) in [("huge", Float(1e30)), ("infinite", 1e38)] {
      let tensors = try checkpoint.map { entry in
        let tensor = try entry.tensor()
        guard entry.name == "fc.weight" else { return (entry.name, tensor) }
        return (entry.name, Tensor(tensor.elements.map { $0 * factor }, shape: tensor.shape))
      }
      try Checkpoint(tensors, metadata: checkpoint.metadata).write(to: "\(shop.path)/\(name).safetensors")
      let outcome = try Program.run(
        ["evaluate", "classification", "-w", name + ".safetensors", "--data", "pictures"], in: shop.path)
      #expect(outcome.status == 0, "\(name): \(outcome.errors)")
      #expect(outcome.output.contains("12 images: top-1"))
    }

    try shop.write("no picture", to: "pictures/val/red/1.png")
    let arguments = ["evaluate", "classification", "-w", "run/last.safetensors", "--data", "pictures"]
    let outcome = try Program.run(arguments + ["--json", "--output", "e"], in: shop.path)
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("1 of 12 images cannot be read and were left out"), "\(outcome.errors)")
    #expect(outcome.errors.contains("red") && outcome.errors.contains("1.png"), "\(outcome.errors)")
    let found = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8)).classification
    #expect(found?.count == 11 && found?.unreadable == 1)
    #expect(found?.classes.map(\.count) == [4, 4, 3])
  }

  @Test func classificationIsScored() throws {
    let shop = try TrainingWorkshop()
    #expect(try shop.train("r.yaml", "-q", "--epochs", "6", "--output", "run").status == 0)
    let arguments = ["evaluate", "classification", "-w", "run/best.safetensors", "--data", "pictures"]
    let plain = try Program.run(arguments, in: shop.path)
    #expect(plain.status == 0, "\(plain.errors)")
    #expect(plain.output.contains("12 images: top-1 "))
    let results = "Output/evaluate/best-on-pictures"
    #expect(
      try Folders.contents(of: shop.path + "/" + results) == [
        "classes.csv", "confusion.csv", "confusion.png", "confusion.svg", "manifest.json",
      ])
    let json = try Program.run(arguments + ["--json", "--batch", "5", "--output", "r"], in: shop.path)
    let found = try #require(
      try JSONDecoder().decode(Manifest.self, from: Data(json.output.utf8)).classification)
    // What the last epochs of the run said of the same pictures.
    let history = try EpochHistory.read(folder: shop.path + "/run")
    let best = try #require(history.last { $0.isBest }?.validation)
    #expect(found.count == 12 && found.top1 == best.top1 && abs(found.loss - best.loss) < 1e-5)
    #expect(
      found.classes.map(\.name) == ["blue", "green", "red"] && found.classes.map(\.count) == [4, 4, 4])
    let matrix = try shop.text("r/confusion.csv").split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",").dropFirst().compactMap { Int($0) }
    }
    #expect(Double((0..<3).map { matrix[$0][$0] }.reduce(0, +)) / 12 == found.top1)
    #expect(matrix.map { $0.reduce(0, +) } == [4, 4, 4])

    let learnt = try Program.run(arguments + ["--json", "--split", "train", "--output", "t"], in: shop.path)
    #expect(learnt.output.contains(#""count" : 36"#))
    for (wrong, status) in [
      (["--data", "none"], Int32(66)), (["--data", "r.yaml"], 65), (["--batch", "0"], 64),
      (["--split", "all"], 64),
      (["--output", "r"], 73), (["-w", "none.pth"], 66),
    ] {
      #expect(try Program.run(arguments + wrong, in: shop.path).status == status, "\(wrong)")
    }
    // The bundled model knows other classes.
    let foreign = try Program.run(["evaluate", "classification", "--data", "pictures"], in: shop.path)
    #expect(foreign.status == 65 && foreign.errors.contains("does not fit the model"))
  }
}

@Suite(
  .enabled(
    if: Program.data("weights") != nil && Program.data("cifar10-lossless") != nil,
    "EDVIZ_DATA has no weights/ and cifar10-lossless/"))
struct PublicClassificationTests {
  /// What the published code scores in PyTorch on the same 1,000 pictures.
  @Test func accuracyIsAsPublished() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      [
        "evaluate", "classification", "--weights",
        try #require(Program.data("weights/resnet20-12fca82f.th")), "--data",
        try #require(Program.data("cifar10-lossless")), "--json", "--output", "r",
      ], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8)).classification
    #expect(found?.count == 1000 && abs((found?.top1 ?? 0) - 0.915) <= 0.002)
  }
}
