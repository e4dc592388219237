import EDViz
import Foundation
import Testing

/// What one command refuses or warns of, all do; and nothing is passed over without a word.
@Suite(.serialized) struct OneAnswerTests {
  /// Pictures of 32 × 32 in a folder of their own.
  private final class Workshop {
    let folder: TemporaryFolder
    var path: String { folder.path }

    init() throws { folder = try TemporaryFolder() }

    func write(_ bytes: some Sequence<UInt8>, _ name: String) throws {
      try AtomicFile.write(bytes, to: "\(path)/\(name)")
    }

    func write(_ text: String, _ name: String) throws { try write(text.utf8, name) }

    static func image(_ seed: UInt64 = 1) -> Image {
      var generator = SeededGenerator(seed: seed, place: 3)
      return Image(
        width: 32, height: 32, pixels: (0..<32 * 32 * 3).map { _ in UInt8(generator.uniform() * 255) })
    }

    func picture(_ name: String) throws { try write(try Self.image().encodedPNG(), name) }

    /// A photograph whose file ends early.
    func half(_ name: String) throws {
      let whole = try Self.image().encodedJPEG()
      try write(whole.prefix(whole.count * 2 / 3), name)
    }

    func run(_ arguments: [String], input: String = "") throws -> Program.Outcome {
      try Program.run(arguments, in: path, input: input)
    }

    func manifest(_ folder: String) throws -> Manifest {
      try Manifest(contentsOf: "\(path)/\(folder)/manifest.json")
    }

    func text(_ name: String) throws -> String {
      String(decoding: try FileBytes.read("\(path)/\(name)"), as: UTF8.self)
    }
  }

  /// Every command with an option about the network's input, as far as its mistakes are known before any file is read.
  private static let commands: [[String]] = [
    ["heatmap", "a.png"], ["mask", "a.png"], ["taps", "a.png"], ["stats", "a.png"], ["figure", "1", "a.png"],
    ["figure", "2", "a.png"], ["figure", "4", "a.png"], ["figure", "6", "a.png"],
    ["evaluate", "classification", "--data", "data"],
    ["evaluate", "masks", "--images", "i", "--masks", "m"], ["evaluate", "cub", "c"], ["train", "r.yaml"],
    ["convert", "in.safetensors", "out.safetensors"], ["convert", "in.safetensors", "out.onnx"],
  ]

  @Test func numbersThatCannotBeMeantAreRefusedEverywhere() throws {
    let shop = try Workshop()
    try shop.picture("a.png")
    try shop.write("data: {train: {path: data}}", "r.yaml")
    try shop.write(Array(Model.bundledBytes), "in.safetensors")
    for command in Self.commands {
      let outcome = try shop.run(command + ["--mean", "123.675,116.28,103.53"])
      #expect(outcome.status == 64, "\(command): \(outcome.errors)")
      #expect(
        outcome.errors.contains(
          "--mean must be on 0…1, not 123.675,116.28,103.53; for levels of 0…255 divide by 255: 0.485,0.456,0.406"
        ),
        "\(command): \(outcome.errors)")
    }
    for (words, sentence) in [
      (["--std", "58.395,57.12,57.375"], "--std must be above 0 and at most 1, not 58.395,57.12,57.375"),
      (["--std", "0,1,1"], "--std must be above 0 and at most 1"),
      (["--std", "-1,1,1"], "--std must be above 0 and at most 1"),
      (["--mean", "nan,0,0"], "--mean must be three finite numbers"),
      (["--mean", "1e400,0,0"], "--mean must be three finite numbers"),
      (["--size", "0"], "--size must be from 1"),
      (["--fit", "none", "--size", "64"], "--size means nothing"),
      (["--max-pixels", "0"], "--max-pixels must be at least 1"),
    ] {
      let outcome = try shop.run(["heatmap", "a.png"] + words)
      #expect(outcome.status == 64 && outcome.errors.contains(sentence), "\(words): \(outcome.errors)")
    }
    #expect(try Folders.contents(of: shop.path) == ["a.png", "in.safetensors", "r.yaml"])
  }

  @Test(arguments: [
    (["bench", "--runs", "3", "--seconds", "1"], "say either --runs or --seconds"),
    (["bench", "--force"], "there is no --output"),
    (["evaluate", "cub", "c", "--objects", "boxes", "--segmentations", "s"], "belongs to --objects masks"),
    (["evaluate", "masks", "--images", "i", "--masks", "m", "--box-ends", "included"], "belongs to --boxes"),
    (["stats", "a.png", "--max-unreadable", "nan"], "--max-unreadable must be from 0 to 1"),
    (["stats", "a.png", "--split", "val"], "belong to --data"),
  ])
  func optionsWithoutEffectAreMistakes(arguments: [String], sentence: String) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 64 && outcome.errors.contains(sentence), "\(outcome.errors)")
  }

  /// Those that draw do it and say so; those that compute leave it out. All name it, and none ends as if all were well.
  @Test func photographsThatEndEarlyAreNamedEverywhere() throws {
    let shop = try Workshop()
    try shop.half("one/half.jpg")
    try shop.half("two/half.jpg")
    try shop.picture("two/whole.png")
    let mask = Mask(filling: Box(x0: 4, y0: 4, x1: 20, y1: 30), width: 32, height: 32)
    for name in ["one/half", "two/half", "two/whole"] {
      try shop.write(try mask.encodedPNG(), "masks/\(name).png")
    }
    for (folder, count) in [("one", 1), ("two", 2)] {
      for command in [
        ["heatmap", folder], ["mask", folder], ["taps", folder], ["figure", "1", folder],
        ["figure", "2", folder],
        ["figure", "4", folder], ["figure", "6", folder], ["stats", folder],
        ["evaluate", "masks", "--images", folder, "--masks", "masks/\(folder)", "--resamples", "100"],
      ] {
        for words in [["-q"], []] {
          let outcome = try shop.run(command + words + ["-o", "out", "--force"])
          #expect(outcome.status == 1, "\(command): \(outcome.errors)")
          #expect(
            outcome.errors.contains("edviz: \(folder)/half.jpg: damaged JPEG file: it ends early\n"),
            "\(command): \(outcome.errors)")
          if command[0] != "evaluate" {
            #expect(
              outcome.errors.contains("1 of \(count) inputs end early"), "\(command): \(outcome.errors)")
          }
        }
      }
      #expect(
        try shop.text("out/unscored.csv").contains(
          "\(folder)/half.jpg,\(folder)/half.jpg: damaged JPEG file: it ends early"))
    }
    let drawn = try shop.run(["heatmap", "one", "-o", "drawn"])
    #expect(drawn.output.contains("drawn/half-overlay.png"))
    #expect(try shop.manifest("drawn").inputs[0].isIncomplete == true)
  }

  /// As a program that is given any bytes as names.
  @Test func namesAreAnyBytes() throws {
    let shop = try Workshop()
    try shop.picture("photos/caf\\xe9.png")
    try shop.picture("photos/ok.png")
    let walked = try shop.run(["heatmap", "photos", "-o", "out", "--report"])
    #expect(walked.status == 0 && walked.errors.contains("2/2") == !walked.errors.isEmpty, "\(walked.errors)")
    #expect(walked.output.contains("photos/caf\\xe9.png\n"), "\(walked.output)")
    #expect(try shop.manifest("out").inputs.map(\.path) == ["photos/caf\\xe9.png", "photos/ok.png"])
    #expect(Folders.kind(of: shop.path + "/out/caf\\xe9-overlay.png") == .file)
    let script =
      "n=$(printf 'photos/caf\\351.png'); exec '\(Program.path)' mask \"$n\" -o \"$(printf 'o\\377')\""
    let named = try Program.run(path: "/bin/sh", ["-c", script], in: shop.path)
    #expect(named.status == 0 && named.output.contains("o\\xff/caf\\xe9-mask.png"), "\(named.errors)")
    #expect(Folders.kind(of: shop.path + "/o\\xff/caf\\xe9-mask.png") == .file)
    let list = "printf 'photos/caf\\351.png\\r\\n\\r\\nphotos/ok.png' | exec '\(Program.path)' mask - -o l"
    #expect(try Program.run(path: "/bin/sh", ["-c", list], in: shop.path).status == 0)
    let zero = "printf 'photos/caf\\351.png\\000photos/ok.png\\000' | exec '\(Program.path)' mask - -o z"
    #expect(try Program.run(path: "/bin/sh", ["-c", zero], in: shop.path).status == 0)
    let missing = "exec '\(Program.path)' mask \"$(printf 'lost\\351.png')\""
    let lost = try Program.run(path: "/bin/sh", ["-c", missing], in: shop.path)
    #expect(lost.status == 66 && lost.errors == "edviz: lost\\xe9.png: no such file or folder\n")
  }

  /// A name with line ends and what steers a terminal is one line wherever it is told, and finds its file again.
  @Test func namesAreOneLine() throws {
    let shop = try Workshop()
    let (good, bad) = ("i/two\\x0alines.png", "i/red\\x1b[31m\\xc2\\x85.png")
    try shop.picture(good)
    try shop.write("bad", bad)
    let names = try Foundation.FileManager.default.contentsOfDirectory(atPath: shop.path + "/i")
    #expect(names.contains("two\nlines.png") && names.contains("red\u{1B}[31m\u{85}.png"))
    for (command, folder) in [
      (["heatmap", "i", "--report"], "h"), (["mask", "i"], "m"), (["taps", "i"], "t"), (["stats", "i"], "s"),
      (["figure", "2", "i", "--dpi", "72"], "f"),
      (["evaluate", "masks", "--images", "i", "--masks", "k"], "e"),
    ] {
      if folder == "e" {
        try shop.write(
          Mask(width: 32, height: 32, values: (0..<1024).map { $0 < 512 }).encodedPNG(), "k/two\\x0alines.png"
        )
      }
      let outcome = try shop.run(command + ["-o", folder])
      #expect(outcome.status == 1, "\(command): \(outcome.errors)")
      let text = outcome.errors + outcome.output
      #expect(text.contains(bad), "\(command): \(text)")
      #expect(text.split(separator: "\n").allSatisfy { !$0.hasPrefix("lines") }, "\(command): \(text)")
      #expect(!text.unicodeScalars.contains("\u{1B}") && !text.unicodeScalars.contains("\u{85}"))
      let record = try shop.text(folder + "/manifest.json")
      #expect(!record.contains("two\\nlines") && !record.contains("\\u001b"), "\(command)")
    }
    #expect(try shop.manifest("h").inputs.map(\.path).sorted() == [bad, good])
    #expect(Folders.kind(of: shop.path + "/h/two\\x0alines-overlay.png") == .file)
    #expect(try shop.text("e/pictures.csv").contains("\n\(good),"))
    // As words and in a list.
    let words = try shop.run(["heatmap", "lost\nfile.png", "--json"])
    #expect(
      words.status == 66 && words.errors.contains(#""message":"lost\\x0afile.png: no such file"#),
      "\(words.errors)")
    let list = try shop.run(["heatmap", "-", "-o", "l"], input: "lost\rfile.png\n")
    #expect(list.errors.contains("edviz: lost\\x0dfile.png: no such file or folder\n"), "\(list.errors)")
    try shop.write("data: {train: {path: \"no\\nwhere\"}}", "r.yaml")
    let recipe = try shop.run(["train", "r.yaml", "-o", "r"])
    #expect(recipe.errors.contains("/no\\x0awhere: no such file or folder"), "\(recipe.errors)")
    let none = try shop.run(["heatmap", ""])
    #expect(none.status == 66 && none.errors == "edviz: a name without characters: no such file or folder\n")
    // YAML on the command line may have lines.
    let schedule = try shop.run(["train", "r.yaml", "--schedule", "steps:\n  at: [1]\n  nonsense: 3"])
    #expect(schedule.errors.contains("--schedule") && !schedule.errors.contains("YAML"), "\(schedule.errors)")
  }

  /// The mark of Windows' editors at the beginning of a text is no part of it.
  @Test func marksAreNoText() throws {
    let shop = try Workshop()
    try shop.picture("a.png")
    #expect(try shop.run(["heatmap", "-", "-o", "out"], input: "\u{FEFF}a.png\r\n").status == 0)
    let names = (0..<50).map { "class\($0)" }.joined(separator: "\r\n")
    try shop.write("\u{FEFF}" + names, "names.txt")
    try shop.write(Array(Model.bundledBytes), "in.safetensors")
    let outcome = try shop.run(["convert", "in.safetensors", "out.safetensors", "--classes", "names.txt"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let model = try Model(checkpoint: Checkpoint(contentsOf: shop.path + "/out.safetensors"))
    #expect(model.classes == (0..<50).map { "class\($0)" })
    try shop.write("\u{FEFF}a.png 4.0 4.0 20.5 20\r\n", "boxes.txt")
    let boxes = try shop.run(["evaluate", "masks", "--boxes", "boxes.txt", "-o", "b", "--resamples", "100"])
    #expect(boxes.status == 0, "\(boxes.errors)")
  }

  @Test func objectsAreWhatWasMarked() throws {
    let shop = try Workshop()
    for name in ["a", "b", "c"] { try shop.picture("i/\(name).png") }
    try FileManager.default.createDirectory(atPath: shop.path + "/m", withIntermediateDirectories: true)
    let suite = Program.repository("Tests/ImagesTests/Fixtures/pngsuite")
    try shop.write(try FileBytes.read(suite + "/basn6a08.png"), "m/a.png")
    let full = Mask(width: 32, height: 32, values: [Bool](repeating: true, count: 1024))
    try shop.write(try full.encodedPNG(), "m/b.PNG")
    try shop.write(Array("8BPS".utf8), "m/c.gif")
    let masks = try shop.run(
      ["evaluate", "masks", "--images", "i", "--masks", "m", "-o", "out", "--resamples", "100"])
    #expect(masks.status == 1)
    for sentence in [
      "warning: m/a.png: its alpha channel is taken as the mask", "warning: m/b.PNG: marks the whole picture",
      "m/c.gif: is a Photoshop file", "1 unusable; 2 pictures were scored",
    ] { #expect(masks.errors.contains(sentence), "\(masks.errors)") }
    let figure = try shop.run(["figure", "4", "i", "--masks", "m", "-o", "f"])
    #expect(figure.errors.contains("m/a.png: its alpha channel is taken as the mask"), "\(figure.errors)")
    #expect(figure.errors.contains("m/c.gif: is a Photoshop file"), "\(figure.errors)")
    // One name, two pictures: nobody guesses whose mask it is.
    try shop.picture("j/a.png")
    try shop.write(try Workshop.image().encodedJPEG(), "j/a.jpg")
    let doubt = "has its name in common with other pictures or masks"
    let pair = try shop.run(["evaluate", "masks", "--images", "j", "--masks", "m", "-o", "d"])
    #expect(pair.status == 65 && pair.errors.contains("no picture in j has a mask"), "\(pair.errors)")
    let row = try shop.run(["figure", "4", "j", "--masks", "m", "-o", "e"])
    #expect(row.status == 1 && row.errors.contains("j/a.jpg: \(doubt)"), "\(row.errors)")
    #expect(row.errors.contains("j/a.png: \(doubt)"), "\(row.errors)")

    try shop.write("i/a.png 0 0 8 8\ni/b.png 0.0 0.0 16.0 32.0\ni/a.png 24 24 32 32\n", "boxes.txt")
    try shop.write("i/b.png 16 0 32 32\ni/c.png 1 1 2 2\ni/c.png 9 9 9 9\n", "more.txt")
    let boxes = try shop.run(
      ["evaluate", "masks", "--boxes", "boxes.txt", "more.txt", "-o", "b", "--resamples", "100"])
    #expect(
      boxes.status == 1 && boxes.errors.contains("2 unusable; 2 pictures were scored"), "\(boxes.errors)")
    let table = try shop.text("b/pictures.csv").split(separator: "\n").map { $0.split(separator: ",") }
    // The whole picture as a mask: its IoU is the object's share, that of the boxes that of the box around both.
    let whole = table.filter { $0.contains("whole") }
    #expect(whole.map { $0[0] } == ["i/a.png", "i/b.png"])
    #expect(whole.map { $0[3] } == ["0.125", "1.0"])
  }

  @Test func badPicturesAreCountedAlike() throws {
    let shop = try TrainingWorkshop()
    try shop.write(TrainingWorkshop.openEnded, to: "r.yaml")
    for name in ["red/0", "blue/1"] { try shop.write("", to: "pictures/val/\(name).png") }
    try shop.write("", to: "pictures/train/green/3.png")
    try Folders.make(shop.path + "/pictures/train/white")
    let train = try shop.train("r.yaml", "-q", "--epochs", "1", "--output", "run")
    #expect(train.status == 1, "\(train.errors)")
    for sentence in [
      "pictures/train/green/3.png: is empty", "pictures/val/red/0.png: is empty",
      "3 of 48 images cannot be read and were not learnt from or scored",
    ] { #expect(train.errors.contains(sentence), "\(train.errors)") }
    let record = try Manifest(contentsOf: shop.path + "/run/manifest.json")
    #expect(record.training?.unreadable == 3 && record.inputs.count == 3)
    let remark = "there are no pictures of the class 'white'"
    #expect(record.training?.remarks?.contains { $0.hasSuffix(remark) } == true)

    let arguments = ["-w", "run/last.safetensors", "--data", "pictures", "-o", "out", "--force"]
    for command in [["evaluate", "classification"], ["stats"], ["figure", "6"]] {
      let outcome = try Program.run(command + arguments, in: shop.path)
      #expect(outcome.status == 1, "\(command): \(outcome.errors)")
      for name in ["red/0", "blue/1"] {
        #expect(
          outcome.errors.contains("pictures/val/\(name).png: is empty"), "\(command): \(outcome.errors)")
      }
      #expect(outcome.errors.contains("2 of 12 "), "\(command): \(outcome.errors)")
      let few = try Program.run(command + arguments + ["--max-unreadable", "0.1"], in: shop.path)
      #expect(few.status == 65, "\(command): \(few.errors)")
      #expect(few.errors.contains("2 of 12 images cannot be read: "), "\(command): \(few.errors)")
    }
    let scored = try Program.run(["evaluate", "classification"] + arguments, in: shop.path)
    #expect(scored.errors.contains(remark), "\(scored.errors)")
    let found = try Manifest(contentsOf: shop.path + "/out/manifest.json")
    #expect(found.inputs.map(\.error).count == 2 && found.classification?.count == 10)
    let strict = try shop.train("r.yaml", "-q", "--epochs", "1", "--output", "s", "--max-unreadable", "0")
    #expect(strict.status == 65 && strict.errors.contains("images cannot be read: "), "\(strict.errors)")
  }

  /// A class without pictures that the model never saw is no reason to score nothing.
  @Test func emptyClassesStopNothing() throws {
    let shop = try TrainingWorkshop()
    #expect(try shop.train("r.yaml", "-q", "--epochs", "1", "--output", "run").status == 0)
    try Folders.make(shop.path + "/pictures/val/white")
    let arguments = ["evaluate", "classification", "-w", "run/last.safetensors", "--data"]
    let outcome = try Program.run(arguments + ["pictures", "-o", "a"], in: shop.path)
    #expect(outcome.status == 0 && outcome.output.contains("12 images: top-1"), "\(outcome.errors)")
    #expect(outcome.errors.contains("warning: pictures: there are no pictures of the class 'white'"))
    // And one that it knows, but that has no folder.
    for name in ["red", "green"] {
      try AtomicFile.write(
        try FileBytes.read(shop.path + "/pictures/val/\(name)/0.png"), to: shop.path + "/some/\(name)/0.png")
    }
    let some = try Program.run(arguments + ["some", "-o", "b"], in: shop.path)
    #expect(some.status == 0, "\(some.errors)")
    #expect(
      some.errors.contains("warning: some: there are no pictures of the class 'blue', which the model knows"))
    #expect(try Manifest(contentsOf: shop.path + "/b/manifest.json").remarks?.count == 1)
  }

  @Test func whatABeginningGaveIsSaid() throws {
    let shop = try TrainingWorkshop()
    #expect(try shop.train("r.yaml", "-q", "--epochs", "1", "--output", "run").status == 0)
    let checkpoint = try Checkpoint(contentsOf: shop.path + "/run/last.safetensors")
    func write(_ prefix: String, _ count: Int, to name: String) throws {
      let tensors = try checkpoint.prefix(count).map { (prefix + $0.name, try $0.tensor()) }
      try Checkpoint(tensors).write(to: shop.path + "/" + name)
    }
    // No prefix that could be taken off: other names.
    try write("x", checkpoint.count, to: "nothing.safetensors")
    try write("", 4, to: "part.safetensors")
    for quiet in [["-q"], []] {
      let arguments = ["train", "r.yaml", "--epochs", "1", "--init-from"] + quiet
      let nothing = try Program.run(
        arguments.dropLast(quiet.count) + ["nothing.safetensors"] + quiet, in: shop.path)
      #expect(nothing.status == 65, "\(nothing.errors)")
      #expect(
        nothing.errors.contains("nothing.safetensors: none of its \(checkpoint.count) tensors ('x"),
        "\(nothing.errors)")
      #expect(Folders.kind(of: shop.path + "/Output/train/r") == nil)
    }
    let part = try shop.train(
      "r.yaml", "--epochs", "1", "--init-from", "part.safetensors", "-q", "--output", "p")
    #expect(part.status == 0)
    let sentence = "part.safetensors: 4 of the network's \(checkpoint.count) tensors loaded"
    #expect(part.errors.contains(sentence), "\(part.errors)")
    let record = try #require(try Manifest(contentsOf: shop.path + "/p/manifest.json").training?.beginning)
    #expect(record.loaded == 4 && record.of == checkpoint.count && record.initialized.count == record.of - 4)
    #expect(
      try shop.text("p/log.jsonl").contains("\"loading\":{\"initialized\":\(record.of - 4),\"loaded\":4,"))
    let whole = try shop.train(
      "r.yaml", "--epochs", "1", "--init-from", "run/last.safetensors", "-q", "--output", "w")
    #expect(whole.status == 0 && whole.errors.isEmpty)
  }

  @Test func arraysAreSaidToBeOdd() throws {
    let shop = try Workshop()
    var values = [Float](repeating: 0.5, count: 3 * 16 * 16)
    values[7] = .nan
    try shop.write(NumPyArray(shape: [1, 3, 16, 16], elements: values).encoded, "x.NPY")
    let outcome = try shop.run(["taps", "x.NPY", "-o", "t.safetensors", "--mean", "0,0,0"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for sentence in [
      "x.NPY: warning: 1 of its 768 values are not finite",
      "warning: is fed as it is: --size, --fit, --mean and --std are for photographs",
    ] { #expect(outcome.errors.contains(sentence), "\(outcome.errors)") }
  }
}
