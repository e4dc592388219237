import EDViz
import Foundation
import Testing

/// A folder with pictures of three colours, a recipe for them, and the program in it.
struct Workshop {
  let folder: TemporaryFolder
  var path: String { folder.path }

  static let recipe = """
    network: cifar-ed-resnet8
    data:
      train: {path: pictures}
      validation: {path: pictures}
    input: {size: 16, fit: none}
    augmentation: [horizontalFlip, padAndCrop: {padding: 2}]
    batch: 6
    accumulate: 2
    epochs: 3
    optimizer: {rate: 0.05}
    schedule: {kind: cosine}
    averaging: 0.9
    threads: 2
    """
  /// Steps of this one do not depend on the number of epochs.
  static let openEnded = recipe.replacing("kind: cosine", with: "kind: constant")

  init() throws {
    folder = try TemporaryFolder()
    for (part, count) in [("train", 12), ("val", 4)] {
      for (index, name) in ["red", "green", "blue"].enumerated() {
        for number in 0..<count {
          var generator = SeededGenerator(seed: UInt64(number), place: UInt64(index), UInt64(count))
          let pixels = (0..<16 * 16 * 3).map { position -> UInt8 in
            UInt8(generator.uniform() * 120) + (position % 3 == index ? 130 : 0)
          }
          try AtomicFile.write(
            try Image(width: 16, height: 16, pixels: pixels).encodedPNG(),
            to: "\(folder.path)/pictures/\(part)/\(name)/\(number).png")
        }
      }
    }
    try write(Self.recipe, to: "r.yaml")
  }

  func write(_ text: String, to name: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path + "/" + name)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try FileBytes.read(path + "/" + name), as: UTF8.self)
  }

  func train(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["train"] + arguments, in: path)
  }

  /// The bytes of the models, and the table without its times.
  func outcome(of run: String) throws -> [String] {
    let table = try text(run + "/epochs.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).prefix(8).joined(separator: ",")
    }
    return try ["best", "last"].map { try SHA256.hexadecimal(ofFile: "\(path)/\(run)/\($0).safetensors") }
      + table
  }

  /// Starts the program and sends it a signal after its first epoch.
  func interrupt(_ signal: Int32, _ arguments: [String], run: String) throws -> (
    status: Int32, errors: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = Pipe()
    try process.run()
    let deadline = Date.now.addingTimeInterval(60)
    while Date.now < deadline, process.isRunning {
      let rows = (try? text(run + "/epochs.csv").split(separator: "\n").count) ?? 0
      if rows > 1 { break }
      usleep(1000)
    }
    kill(process.processIdentifier, signal)
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}

/// One after another: each program has a team of threads of its own.
@Suite(.serialized) struct TrainCommandTests {
  @Test func aRecipeBecomesAModel() throws {
    let shop = try Workshop()
    let outcome = try shop.train("r.yaml", "--heatmap", "pictures/val/red/0.png")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "Output/train/r/best.safetensors\n")
    #expect(
      outcome.errors.contains(
        "r: 0.08 M parameters, 3 classes, 36 images to learn from, 12 to check with, 3 epochs"))
    #expect(
      try Folders.contents(of: shop.path + "/Output/train/r") == [
        ".edviz-lock", "best.safetensors", "checkpoint", "curves.png", "curves.svg", "epochs.csv", "heatmaps",
        "heatmaps.png",
        "last.safetensors", "log.jsonl", "manifest.json", "recipe.yaml", "state.json",
      ])
    let manifest = try JSONDecoder().decode(
      Manifest.self, from: Data(try FileBytes.read(shop.path + "/Output/train/r/manifest.json")))
    #expect(manifest.training?.steps == 9 && manifest.training?.classes == ["blue", "green", "red"])
    let digest = try SHA256.hexadecimal(ofFile: shop.path + "/Output/train/r/best.safetensors")
    #expect(manifest.model.checkpointSHA256 == digest)

    // A run is not overwritten, but goes on or is replaced.
    #expect(try shop.train("r.yaml").status == 73)
    let other = try shop.train("r.yaml", "--resume", "--rate", "0.5")
    #expect(other.status == 64 && other.errors.contains("optimizer.rate was 0.05 and is 0.5 now"))
    let longer = try shop.train("r.yaml", "--resume", "--epochs", "4")
    #expect(longer.status == 64 && longer.errors.contains("epochs was 3 and is 4 now"))
    let more = try shop.train("--resume", "--output", "Output/train/r", "--json")
    #expect(more.status == 0 && more.errors.isEmpty, "\(more.errors)")
    let again = try JSONDecoder().decode(Manifest.self, from: Data(more.output.utf8))
    #expect(again.training?.steps == 9)
    #expect(try shop.train("r.yaml", "--force", "-q").errors.isEmpty)

    // Its models are models for the other commands.
    for weights in ["last", "best"] {
      let heatmap = try Program.run(
        ["heatmap", "pictures/val/red/1.png", "-q", "-w", "Output/train/r/\(weights).safetensors"],
        in: shop.path)
      #expect(heatmap.status == 0 && heatmap.output.contains("red"))
    }
  }

  /// Stopped by a person, by the system, or killed: the continued run ends as the unbroken one.
  @Test(arguments: [(Int32(SIGINT), Int32(130)), (Int32(SIGTERM), Int32(143)), (Int32(SIGKILL), Int32(9))])
  func brokenRunsEndAlike(signal: Int32, status: Int32) throws {
    let shop = try Workshop()
    let arguments = ["train", "r.yaml", "--epochs", "12", "--output"]
    #expect(try Program.run(arguments + ["whole", "-q"], in: shop.path).status == 0)
    let broken = try shop.interrupt(signal, arguments + ["broken"], run: "broken")
    #expect(broken.status == status, "\(broken.errors)")
    if signal != SIGKILL {
      #expect(broken.errors.contains("stops after this step and saves"))
      #expect(
        broken.errors.contains("continue with: edviz train --resume --output broken\n"), "\(broken.errors)")
    }
    #expect(try Program.run(arguments + ["broken", "--resume", "-q"], in: shop.path).status == 0)
    #expect(try shop.outcome(of: "broken") == shop.outcome(of: "whole"))
  }

  @Test func divergenceEndsWithoutDamage() throws {
    let shop = try Workshop()
    let outcome = try shop.train("r.yaml", "--rate", "1000", "--weight-decay", "10", "--epochs", "50")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("is not finite at step"), "\(outcome.errors)")
    let model = try Model(checkpoint: Checkpoint(contentsOf: shop.path + "/Output/train/r/last.safetensors"))
    #expect(model.classes.count == 3)
  }

  /// No more room on the disk, here by a limit on the size of files: the save before stays.
  @Test func fullDisksAreNamed() throws {
    let shop = try Workshop()
    try shop.write(Workshop.openEnded, to: "r.yaml")
    #expect(try shop.train("r.yaml", "--epochs", "1", "-q", "--output", "run").status == 0)
    let before = try shop.text("run/state.json")
    let script =
      "trap '' XFSZ; ulimit -f 100; exec '\(Program.path)' train r.yaml --resume --epochs 3 --output run"
    let outcome = try Program.run(path: "/bin/sh", ["-c", script], in: shop.path)
    #expect(outcome.status == 73, "\(outcome.errors)")
    #expect(outcome.errors.contains("safetensors: cannot be written: File too large"), "\(outcome.errors)")
    #expect(try shop.text("run/state.json") == before)
    #expect(try shop.train("r.yaml", "--resume", "--epochs", "3", "-q", "--output", "run").status == 0)
  }

  static let endings: [([String], Int32, String)] = [
    ([], 64, "name a recipe"),
    (["r.yaml", "--resume", "--force"], 64, "choose one"),
    (["none.yaml"], 66, "none.yaml: no such file or folder"),
    (["bad.yaml"], 65, "bad.yaml: 'epoch' means nothing in a recipe; the nearest are epochs"),
    (["r.yaml", "--resume"], 66, "holds no saved run to continue"),
    (["--resume", "--output", "none"], 66, "none: holds no saved run to continue"),
    (["r.yaml", "--epochs", "0"], 64, "epochs must be from 1 to 100000, not 0"),
    (["r.yaml", "--fit", "short"], 64, "input.fit must be square, crop or none"),
    (["r.yaml", "--schedule", "{kind: steps}"], 64, "--schedule: kind"),
    (["r.yaml", "--augmentation", "[flip]"], 64, "there is no step 'flip'"),
    (["r.yaml", "--network", "resnet51"], 64, "no model is called 'resnet51'"),
    (["r.yaml", "--train", "none"], 66, "none: no such file or folder"),
    (["r.yaml", "--train", "r.yaml"], 65, "r.yaml: is no dataset that edviz knows"),
    (["r.yaml", "--train-format", "xyz"], 64, "no dataset format is called xyz"),
    (["r.yaml", "--init-from", "none.pth"], 66, "none.pth: no such file or folder"),
    (["r.yaml", "--batch", "37"], 64, "the batch size is 37, but must be at most the 36 images"),
    (["r.yaml", "--heatmap", "none.png"], 66, "none.png: no such file or folder"),
    (["r.yaml", "--output", "/dev/null/run"], 73, "cannot be written"),
    (["r.yaml", "--init-factor", "0.5"], 64, "--init-factor applies to nothing"),
    (
      ["r.yaml", "--validation", "none", "--validation-split", "val"], 64,
      "--validation-split applies to nothing: there are no pictures to check with"
    ),
    (["r.yaml", "--validation", "none", "--validation-format", "zip"], 64, "applies to nothing"),
  ]

  @Test func endingsAreAsDocumented() throws {
    let shop = try Workshop()
    try shop.write("epoch: 3\n" + Workshop.recipe, to: "bad.yaml")
    for (arguments, status, sentence) in Self.endings {
      let outcome = try Program.run(["train"] + arguments, in: shop.path)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(sentence), "\(arguments): \(outcome.errors)")
      // A run that cannot begin leaves nothing that would be in the way of the next one.
      #expect(Folders.kind(of: shop.path + "/Output") == nil, "\(arguments)")
    }
  }

  @Test func whatIsThereIsNotInDanger() throws {
    let shop = try Workshop()
    try shop.write("mine", to: "work/epochs.csv")
    let foreign = try shop.train("r.yaml", "--output", "work")
    #expect(foreign.status == 73 && foreign.errors.contains("work/epochs.csv: exists already"))
    #expect(try shop.text("work/epochs.csv") == "mine")

    let arguments = ["--output", "run", "--epochs", "1", "-q"]
    #expect(try Program.run(["train", "r.yaml"] + arguments, in: shop.path).status == 0)
    let before = try shop.outcome(of: "run")
    for (wrong, status) in [(["--heatmap", "none.png"], Int32(66)), (["--train", "none"], 66)] {
      let outcome = try Program.run(["train", "r.yaml", "--force"] + arguments + wrong, in: shop.path)
      #expect(outcome.status == status, "\(wrong): \(outcome.errors)")
      #expect(try shop.outcome(of: "run") == before, "\(wrong)")
    }
    let other = try shop.train(
      "r.yaml", "--resume", "--output", "run", "--epochs", "1", "--train-split", "val")
    #expect(other.status == 64 && other.errors.contains("data.train.split"), "\(other.errors)")
    try AtomicFile.write(
      try FileBytes.read(shop.path + "/pictures/train/red/0.png"),
      to: shop.path + "/pictures/train/red/new.png")
    let more = try shop.train("--resume", "--output", "run")
    #expect(
      more.status == 65 && more.errors.contains("there were 36 images to learn from, and are 37 now"))

    let lock = try FileLock(path: shop.path + "/run/.edviz-lock")
    let second = try shop.train("--resume", "--output", "run")
    #expect(second.status == 73 && second.errors.contains("run: another process is at work on the run in it"))
    withExtendedLifetime(lock) {}
  }

  /// Other data of the same kind: their classes stay those of the recipe, in its order.
  @Test func classesOutliveTheOption() throws {
    let shop = try Workshop()
    try shop.write(
      Workshop.recipe.replacing("{path: pictures}", with: "{path: none, classes: [red, blue]}"), to: "c.yaml")
    let outcome = try shop.train(
      "c.yaml", "--train", "pictures", "--validation", "pictures", "--epochs", "1", "--json")
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8))
    #expect(manifest.training?.classes == ["red", "blue"] && manifest.training?.trainImages == 24)
    let same = try shop.train(
      "r.yaml", "--train-split", "val", "--validation-split", "val", "--epochs", "1")
    #expect(same.status == 0 && same.errors.contains("warning: the images to check with are those to learn"))
  }

  /// Numbers beyond all integers, and pictures that cannot be read.
  @Test func oddScoresAreScores() throws {
    let shop = try Workshop()
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
    #expect(outcome.errors.contains("1 of 12 images cannot be read and were left out: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("red") && outcome.errors.contains("1.png"), "\(outcome.errors)")
    let found = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8)).classification
    #expect(found?.count == 11 && found?.unreadable == 1)
    #expect(found?.classes.map(\.count) == [4, 4, 3])
  }

  @Test func classificationIsScored() throws {
    let shop = try Workshop()
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

private let publicData = ProcessInfo.processInfo.environment["EDVIZ_DATA"]

@Suite(.enabled(if: publicData != nil, "set EDVIZ_DATA to the folder with weights/ and cifar10-lossless/"))
struct PublicClassificationTests {
  /// What the published code scores in PyTorch on the same 1,000 pictures.
  @Test func accuracyIsAsPublished() throws {
    let data = try #require(publicData)
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      [
        "evaluate", "classification", "--weights", data + "/weights/resnet20-12fca82f.th", "--data",
        data + "/cifar10-lossless", "--json", "--output", "r",
      ], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8)).classification
    #expect(found?.count == 1000 && abs((found?.top1 ?? 0) - 0.915) <= 0.002)
  }
}
