import EDViz
import Foundation
import Testing

/// One after another: each program has a team of threads of its own.
@Suite(.serialized) struct TrainCommandTests {
  @Test func aRecipeBecomesAModel() throws {
    let shop = try TrainingWorkshop()
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
    #expect(manifest.model?.checkpointSHA256 == digest)

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

  /// A run that is over stays as it is when it is asked to go on: its status, its record, its pictures that cannot be read.
  @Test func whatIsOverStaysOver() throws {
    let shop = try TrainingWorkshop()
    try shop.write("bad", to: "pictures/train/red/0.png")
    let first = try shop.train("r.yaml", "--epochs", "1", "-q", "-o", "run")
    #expect(first.status == 1 && first.errors.contains("1 of 48 images cannot be read"), "\(first.errors)")
    let record = try shop.text("run/manifest.json")
    #expect(record.contains(#""unreadable" : 1"#))
    let again = try shop.train("--resume", "-q", "-o", "run")
    #expect(again.status == 1 && again.errors == first.errors && again.output == first.output)
    #expect(try shop.text("run/manifest.json") == record)
  }

  /// Stopped by a person, by the system, or killed: the continued run ends as the unbroken one.
  @Test(arguments: [(Int32(SIGINT), Int32(130)), (Int32(SIGTERM), Int32(143)), (Int32(SIGKILL), Int32(9))])
  func brokenRunsEndAlike(signal: Int32, status: Int32) throws {
    let shop = try TrainingWorkshop()
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
    let shop = try TrainingWorkshop()
    let outcome = try shop.train("r.yaml", "--rate", "1000", "--weight-decay", "10", "--epochs", "50")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("is not finite at step"), "\(outcome.errors)")
    let model = try Model(checkpoint: Checkpoint(contentsOf: shop.path + "/Output/train/r/last.safetensors"))
    #expect(model.classes.count == 3)
  }

  /// No more room on the disk, here by a limit on the size of files: the save before stays.
  @Test func fullDisksAreNamed() throws {
    let shop = try TrainingWorkshop()
    try shop.write(TrainingWorkshop.openEnded, to: "r.yaml")
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
    let shop = try TrainingWorkshop()
    try shop.write("epoch: 3\n" + TrainingWorkshop.recipe, to: "bad.yaml")
    for (arguments, status, sentence) in Self.endings {
      let outcome = try Program.run(["train"] + arguments, in: shop.path)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(sentence), "\(arguments): \(outcome.errors)")
      // A run that cannot begin leaves nothing that would be in the way of the next one.
      #expect(Folders.kind(of: shop.path + "/Output") == nil, "\(arguments)")
    }
  }

  @Test func whatIsThereIsNotInDanger() throws {
    let shop = try TrainingWorkshop()
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
    let shop = try TrainingWorkshop()
    try shop.write(
      TrainingWorkshop.recipe.replacing("{path: pictures}", with: "{path: none, classes: [red, blue]}"),
      to: "c.yaml")
    let outcome = try shop.train(
      "c.yaml", "--train", "pictures", "--validation", "pictures", "--epochs", "1", "--json")
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8))
    #expect(manifest.training?.classes == ["red", "blue"] && manifest.training?.trainImages == 24)
    let same = try shop.train(
      "r.yaml", "--train-split", "val", "--validation-split", "val", "--epochs", "1")
    #expect(same.status == 0 && same.errors.contains("warning: the images to check with are those to learn"))
  }
}
