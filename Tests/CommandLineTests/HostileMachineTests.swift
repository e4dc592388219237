import EDViz
import Foundation
import Testing

/// Pictures, files and limits that no program likes: each ends with a sentence and a documented status.
@Suite(.serialized) struct HostileMachineTests {
  /// A file of weights of a registered network.
  private func weights(_ name: String, in folder: TemporaryFolder) throws -> String {
    let network = try Network(ModelRegistry.description(named: name, classes: 2))
    Initializer.fill(network.parameters, seed: 3)
    let checkpoint = try Checkpoint(
      network.parameters.map { ($0.name, $0.value) },
      metadata: ModelMetadata.entries(
        network: network.description, preprocessing: Preprocessing(size: 32), classes: []))
    try checkpoint.write(to: folder.path + "/w.safetensors")
    return "w.safetensors"
  }

  private func picture(_ width: Int, _ height: Int) throws -> [UInt8] {
    let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 97) }
    return try Image(width: width, height: height, pixels: pixels).encodedPNG()
  }

  /// Lists of boxes that are not there, and a list of names on standard input that is a folder.
  @Test func listsOfNothingAreNamed() throws {
    let folder = try TemporaryFolder()
    try Folders.make(folder.path + "/i")
    let boxes = try Program.run(["evaluate", "masks", "--boxes", "i", "-o", "o"], in: folder.path)
    #expect(
      boxes.status == 66 && boxes.errors.contains("no lists of boxes (.txt, .csv) in i"), "\(boxes.errors)")
    let names = try Program.run(
      path: "/bin/sh", ["-c", "exec '\(Program.path)' heatmap - -o o < i"], in: folder.path)
    #expect(
      names.status != 0 && names.errors.contains("standard input: is a folder, not a file"), "\(names.errors)"
    )
  }

  /// It is named and counted, and the others have their results.
  @Test func aPictureThatIsTooSmallIsAnErrorOfThatPicture() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let model = ["-w", try weights("cifar-ed-resnet20-s2p0", in: folder), "--fit", "none", "--threads", "1"]
    let mask = try Mask(filling: Box(x0: 2, y0: 2, x1: 6, y1: 6), width: 8, height: 8).encodedPNG()
    for (name, side) in [("small", 8), ("large", 64)] {
      try AtomicFile.write(try picture(side, side), to: "\(path)/i/\(name).png")
      try AtomicFile.write(try picture(side, side), to: "\(path)/d/test/\(name)/\(name).png")
      let drawn =
        side == 8
        ? mask : try Mask(filling: Box(x0: 2, y0: 2, x1: 30, y1: 40), width: 64, height: 64).encodedPNG()
      try AtomicFile.write(drawn, to: "\(path)/m/\(name).png")
    }
    try AtomicFile.write("small\nlarge\n".utf8, to: path + "/d/classes.txt")
    let commands: [[String]] = [
      ["heatmap", "i"], ["mask", "i"], ["taps", "i"], ["stats", "i"], ["figure", "2", "i"],
      ["evaluate", "masks", "--images", "i", "--masks", "m"],
    ]
    for command in commands {
      let output = command.prefix(2).joined(separator: "-").replacing("-i", with: "")
      let outcome = try Program.run(command + model + ["-o", output], in: path)
      #expect(outcome.status == 1, "\(command): \(outcome.errors)")
      #expect(
        outcome.errors.contains("i/small.png: 8 × 8 pixels are too small for the network"),
        "\(outcome.errors)")
      #expect(Folders.kind(of: "\(path)/\(output)/manifest.json") == .file)
      // Alone, nothing comes of it.
      let alone = try Program.run(
        command.map { $0 == "i" ? "i/small.png" : $0 } + model + ["-o", output + "-alone"], in: path)
      if !command.contains("masks") {
        #expect(alone.status == 65, "\(command): \(alone.errors)")
        #expect(alone.errors.contains("i/small.png: 8 × 8 pixels are too small"), "\(alone.errors)")
      }
    }
    // Going on finds nothing to do; beginning anew finds the same.
    let again = try Program.run(
      commands[5] + model + ["-o", "again", "--resume"], in: path)
    #expect(again.status == 1 && again.errors.contains("1 unusable; 1 picture was scored"), "\(again.errors)")
    let over = try Program.run(commands[5] + model + ["-o", "again", "--resume"], in: path)
    #expect(
      over.status == 1 && over.errors.contains("1 files have no score, see again/unscored.csv"),
      "\(over.errors)")

    let classes = try Program.run(
      ["evaluate", "classification", "--data", "i.txt", "--batch", "1", "-o", "c"] + model, in: path)
    #expect(classes.status == 66)
    try AtomicFile.write("i/small.png 0\ni/large.png 1\n".utf8, to: path + "/list.txt")
    let scored = try Program.run(
      ["evaluate", "classification", "--data", "list.txt", "--batch", "1", "-o", "c"] + model, in: path)
    #expect(
      scored.status == 1
        && scored.errors.contains("i/small.png: 8 × 8 pixels are too small for the network"),
      "\(scored.errors)")

    try AtomicFile.write(
      """
      network: cifar-ed-resnet20-s2p0
      data: {train: {path: s}}
      input: {size: 8, fit: none}
      batch: 2
      epochs: 1
      """.utf8, to: path + "/r.yaml")
    for name in ["a", "b"] { try AtomicFile.write(try picture(8, 8), to: "\(path)/s/\(name)/1.png") }
    let trained = try Program.run(["train", "r.yaml", "-q", "--output", "t", "--threads", "1"], in: path)
    #expect(
      trained.status == 65 && trained.errors.contains("/1.png: 8 × 8 pixels are too small"),
      "\(trained.errors)")
    let bench = try Program.run(
      ["bench", "-m", "cifar-ed-resnet20-s2p0", "--size", "8", "--runs", "1"], in: path)
    #expect(bench.status == 64 && bench.errors.contains("8 × 8 pixels are too small"), "\(bench.errors)")
  }

  /// A long picture is cut before it is enlarged.
  @Test func longPicturesTakeLittleMemory() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(try picture(1, 60_000), to: folder.path + "/long.png")
    // What was twelve gigabytes.
    let outcome = try Program.run(
      path: "/bin/sh",
      ["-c", "ulimit -v 4000000; exec \"$0\" heatmap long.png --fit crop -q --threads 1 -o r", Program.path],
      in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  /// Where memory is limited, what needs more is refused, or ends with a sentence.
  @Test func littleMemoryIsASentence() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(try picture(64, 64), to: folder.path + "/p.png")
    for side in [500, 4000, 8192] {
      let outcome = try Program.run(
        path: "/bin/sh",
        [
          "-c",
          "ulimit -v 3000000; exec \"$0\" heatmap p.png --fit square --size \(side) -q --threads 1 -o r\(side)",
          Program.path,
        ], in: folder.path)
      #expect([0, 65, 71].contains(outcome.status), "\(side): \(outcome.status) \(outcome.errors)")
      #expect(side < 8192 || outcome.status != 0)
      if outcome.status != 0 {
        #expect(outcome.errors.hasPrefix("edviz: ") && outcome.errors.contains("MiB"), "\(outcome.errors)")
      }
    }
  }

  /// What Swift's own arrays need and cannot have ends alike, whoever asks for it: here a file's bytes and what they mean.
  @Test(arguments: [
    (1_900_000_000, 3_000_000), (400_000_000, 1_100_000),
  ])
  func arraysWithoutMemoryAreASentence(bytes: Int, limit: Int) throws {
    let folder = try TemporaryFolder()
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 10, \(bytes / 120)), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let path = folder.path + "/large.npy"
    try AtomicFile.write([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8), to: path)
    try #require(truncate(path, 128 + bytes / 120 * 120) == 0)
    for isJSON in [false, true] {
      let outcome = try Program.run(
        path: "/bin/sh",
        [
          "-c",
          "ulimit -v \(limit); exec \"$0\" taps large.npy -q --threads 1 -o r" + (isJSON ? " --json" : ""),
          Program.path,
        ], in: folder.path)
      #expect(outcome.status == 71, "\(outcome.status) \(outcome.errors)")
      let start = isJSON ? "{\"error\":{\"code\":71,\"message\":\"out of memory: " : "edviz: out of memory: "
      #expect(outcome.errors.hasPrefix(start) && outcome.errors.contains(" MiB more are not to be had"))
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
  }

  /// Limits that the program can hardly start under: it ends, and says why.
  @Test(arguments: [(300_000, 71), (1_200_000, 0)])
  func hardlyAnyMemoryEndsToo(limit: Int, status: Int32) throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(try picture(64, 64), to: folder.path + "/p.png")
    let outcome = try Program.run(
      path: "/bin/sh",
      [
        "-c", "ulimit -v \(limit); exec timeout 120 \"$0\" mask p.png -q --threads 1 -o r", Program.path,
      ], in: folder.path)
    #expect(outcome.status == status, "\(outcome.status) \(outcome.errors)")
    #expect(outcome.errors == (status == 0 ? "" : "edviz: out of memory\n"))
  }

  /// Weights that somebody shortens while they are in use.
  @Test(arguments: [false, true]) func shortenedWeightsAreNamed(asJSON: Bool) throws {
    let folder = try TemporaryFolder()
    let weights = folder.path + "/" + (try weights("cifar-ed-resnet20", in: folder))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    // The weights are read first; the picture comes when they have been shortened.
    process.arguments =
      ["heatmap", "/dev/stdin", "-w", "w.safetensors", "-q", "--threads", "1"] + (asJSON ? ["--json"] : [])
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let (input, errors) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let maps = "/proc/\(process.processIdentifier)/maps"
    while process.isRunning,
      !String(decoding: (try? FileBytes.read(maps)) ?? [], as: UTF8.self).contains("w.safetensors")
    {
      usleep(1000)
    }
    #expect(truncate(weights, 0) == 0)
    signal(SIGPIPE, SIG_IGN)
    try? input.fileHandleForWriting.write(contentsOf: Data(try picture(64, 64)))
    try? input.fileHandleForWriting.close()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 65, "\(said)")
    let sentence = "w.safetensors: was shortened while it was being read"
    #expect(
      said == (asJSON ? "{\"error\":{\"code\":65,\"message\":\"\(sentence)\"}}\n" : "edviz: \(sentence)\n"),
      "\(said)")
  }
}
