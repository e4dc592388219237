import EDViz
import Foundation
import Testing

/// A run is killed at moments that nobody chose, again and again, and ends as one that was left alone.
@Suite(.serialized) struct KillTests {
  /// Saves after nearly every step, so that many kills fall into a save.
  static let recipe = TrainingWorkshop.recipe + "\ncheckpoint: {epochs: 1, minutes: 0.00001}\n"

  /// Everything that a run leaves but times: models, the state's tensors, the table.
  private func outcome(_ shop: TrainingWorkshop, _ run: String) throws -> [String] {
    let state = try JSONDecoder().decode(State.self, from: Data(shop.text(run + "/state.json").utf8))
    let files = [state.weights, state.optimizer, state.average, state.best.weights]
    for file in files {
      let digest = try SHA256.hexadecimal(ofFile: "\(shop.path)/\(run)/checkpoint/\(file.name)")
      #expect(digest == file.sha256)
    }
    return try shop.outcome(of: run) + files.map(\.sha256) + ["\(state.epoch) \(state.step)"]
  }

  private struct State: Decodable {
    struct File: Decodable { var name, sha256: String }
    struct Best: Decodable { var weights: File }
    var weights, optimizer, average: File
    var best: Best
    var epoch, step: Int
  }

  /// As many as a seed chooses moments for.
  static let kills = ProcessInfo.processInfo.environment["EDVIZ_SLOW"] == "1" ? 200 : 3

  @Test(arguments: [kills])
  func killsAtAnyMomentChangeNothing(kills: Int) throws {
    let shop = try TrainingWorkshop()
    try shop.write(Self.recipe, to: "r.yaml")
    let arguments = ["train", "r.yaml", "-q", "--epochs", "6", "--threads", "1", "--output"]
    let clock = ContinuousClock()
    var (status, seconds) = (Int32(0), 0.0)
    let time = try clock.measure { status = try Program.run(arguments + ["whole"], in: shop.path).status }
    #expect(status == 0)
    seconds = time / .seconds(1)
    let expected = try outcome(shop, "whole")

    var generator = SeededGenerator(seed: 20)
    var (killed, round) = (0, 0)
    while killed < kills {
      // Over before it could be killed: another one.
      round += 1
      let run = "run-\(round)"
      var isOver = false
      while killed < kills, !isOver {
        let isBegun = Folders.kind(of: "\(shop.path)/\(run)/state.json") != nil
        let ended = try kill(
          arguments + [run] + (isBegun ? ["--resume"] : []), after: generator.uniform() * seconds,
          in: shop.path)
        #expect(ended == SIGKILL || ended == 0)
        guard ended == 0 || ended == SIGKILL else { return }
        isOver = ended == 0
        if !isOver { killed += 1 }
      }
      let isBegun = Folders.kind(of: "\(shop.path)/\(run)/state.json") != nil
      let last = try Program.run(arguments + [run] + (isBegun ? ["--resume"] : []), in: shop.path)
      #expect(last.status == 0, "\(last.errors)")
      #expect(try outcome(shop, run) == expected, "after \(killed) kills")
      #expect(
        try Folders.contents(of: "\(shop.path)/\(run)") == Folders.contents(of: shop.path + "/whole"))
      #expect(try Folders.contents(of: "\(shop.path)/\(run)/checkpoint").count == 4)
    }
  }

  /// The same of an evaluation, whose files without a score are noted before its first picture.
  @Test(arguments: [kills])
  func killedEvaluationsGoOn(kills: Int) throws {
    let folder = try TemporaryFolder()
    for number in 0..<60 {
      let box = Box(x0: 4 + number % 20, y0: 5, x1: 24 + number % 20, y1: 30)
      let mask = Mask(filling: box, width: 60, height: 40)
      let pixels = mask.values.enumerated().flatMap { at, inside -> [UInt8] in
        inside ? [250, UInt8(at % 60 * 4), 40] : [20, UInt8(number * 4), UInt8(at % 7 * 10)]
      }
      let image = try Image(width: 60, height: 40, pixels: pixels).encodedPNG()
      try AtomicFile.write(number % 9 == 3 ? Array("bad".utf8) : image, to: "\(folder.path)/i/\(number).png")
      if number % 7 != 5 { try AtomicFile.write(mask.encodedPNG(), to: "\(folder.path)/m/\(number).png") }
    }
    let arguments = [
      "evaluate", "masks", "--images", "i", "--masks", "m", "-q", "--size", "32", "--threads", "1",
      "--resume",
      "-o",
    ]
    func outcome(_ run: String) throws -> [String: String] {
      let place = "\(folder.path)/\(run)"
      var files: [String: String] = [:]
      for name in try Folders.contents(of: place) {
        files[name] = name == "manifest.json" ? "" : try SHA256.hexadecimal(ofFile: place + "/" + name)
      }
      let found = try Manifest(contentsOf: place + "/manifest.json")
      files["manifest.json"] = "\(found.files.sorted()) \(found.localisation?.count ?? 0)"
      return files
    }
    let clock = ContinuousClock()
    var status: Int32 = 0
    let time = try clock.measure { status = try Program.run(arguments + ["whole"], in: folder.path).status }
    #expect(status == 1)
    let expected = try outcome("whole")
    #expect(expected["unscored.csv"] != nil)

    var generator = SeededGenerator(seed: 21)
    var (killed, round) = (0, 0)
    while killed < kills {
      round += 1
      let run = "run-\(round)"
      var isOver = false
      while killed < kills, !isOver {
        let ended = try kill(
          arguments + [run], after: generator.uniform() * (time / .seconds(1)), in: folder.path)
        #expect(ended == SIGKILL || ended == 1 || ended == 0)
        isOver = ended != SIGKILL
        if !isOver { killed += 1 }
      }
      let last = try Program.run(arguments + [run], in: folder.path)
      // Nothing is left to do if it was over.
      #expect(last.status == 1 || isOver && last.status == 0, "\(last.errors)")
      #expect(try outcome(run) == expected, "after \(killed) kills")
    }
  }

  /// An evaluation that is stopped ends as a run does, and leaves no empty folder.
  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func evaluationsStop(signal: Int32, status: Int32) throws {
    let shop = try TrainingWorkshop()
    #expect(try shop.train("r.yaml", "-q", "--epochs", "1", "--output", "run").status == 0)
    // The same three pictures again and again: longer than anybody waits.
    let lines = ["blue/0.png 0\n", "green/0.png 1\n", "red/0.png 2\n"].joined()
    try shop.write(String(repeating: lines, count: 10_000), to: "pictures/val/list.txt")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = [
      "evaluate", "classification", "-w", "run/last.safetensors", "--data", "pictures/val/list.txt", "-q",
      "--batch", "3",
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: shop.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let results = shop.path + "/Output/evaluate/last-on-list"
    while process.isRunning, Folders.kind(of: results) == nil { usleep(1000) }
    Foundation.kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == status)
    #expect(Folders.kind(of: results) == nil)
  }

  /// The status, or the signal that ended the program.
  private func kill(_ arguments: [String], after seconds: Double, in folder: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    usleep(UInt32(seconds * 1e6))
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationStatus
  }
}
