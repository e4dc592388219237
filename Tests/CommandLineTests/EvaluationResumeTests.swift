import EDViz
import Foundation
import Testing

/// Evaluations that are killed or stopped go on, and end with the files of an unbroken run.
@Suite(.serialized) struct EvaluationResumeTests {
  private final class Workshop {
    let folder: TemporaryFolder
    var path: String { folder.path }

    /// Pictures of three kinds under many names; some are none, and one mask is empty.
    init(count: Int) throws {
      folder = try TemporaryFolder()
      for kind in 0..<3 {
        let box = Box(x0: 4 + kind * 10, y0: 5, x1: 24 + kind * 12, y1: 30)
        let mask = Mask(filling: box, width: 60, height: 40)
        let pixels = mask.values.enumerated().flatMap { at, inside -> [UInt8] in
          inside ? [250, UInt8(at % 60 * 4), 40] : [20, UInt8(kind * 60), UInt8(at % 7 * 10)]
        }
        let image = try Image(width: 60, height: 40, pixels: pixels).encodedPNG()
        for index in stride(from: kind, to: count, by: 3) {
          let isBad = index % 20 == 7
          try AtomicFile.write(isBad ? Array("bad".utf8) : image, to: "\(path)/i/\(index), \"x\".png")
          try AtomicFile.write(mask.encodedPNG(), to: "\(path)/m/\(index), \"x\".png")
        }
      }
    }

    static func arguments(_ output: String) -> [String] {
      [
        "evaluate", "masks", "--images", "i", "--masks", "m", "-q", "--threads", "3", "-r", "ED", "-r",
        "output", "-o",
        output,
      ]
    }

    func run(_ output: String, _ more: String...) throws -> Program.Outcome {
      try Program.run(Self.arguments(output) + more, in: path)
    }

    /// Starts a run and sends it a signal when it has written down that it came so far; its status, or the signal.
    func interrupt(_ output: String, by signal: Int32, after count: Int, _ more: String...) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Program.path)
      process.arguments = Self.arguments(output) + more
      process.currentDirectoryURL = URL(fileURLWithPath: path)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      while process.isRunning, try next(output) < count { usleep(500) }
      Foundation.kill(process.processIdentifier, signal)
      process.waitUntilExit()
      return process.terminationStatus
    }

    private struct State: Decodable { var next: Int }

    func next(_ output: String) throws -> Int {
      guard let bytes = try? FileBytes.read("\(path)/\(output)/evaluation.state.json") else { return 0 }
      return try JSONDecoder().decode(State.self, from: Data(bytes)).next
    }

    /// All files, the manifest without what tells of time and place.
    func files(_ output: String) throws -> [String: [UInt8]] {
      var files: [String: [UInt8]] = [:]
      for name in try Folders.contents(of: "\(path)/\(output)") where name != "manifest.json" {
        files[name] = try FileBytes.read("\(path)/\(output)/\(name)")
      }
      let bytes = Data(try FileBytes.read("\(path)/\(output)/manifest.json"))
      let found = try #require(try JSONDecoder().decode(Manifest.self, from: bytes).localisation)
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      files["manifest.json"] = Array(try encoder.encode(found))
      return files
    }
  }

  @Test func killsChangeNothing() throws {
    let shop = try Workshop(count: 90)
    let whole = try shop.run("whole")
    #expect(
      whole.status == 1 && whole.errors.contains("5 unusable; 85 pictures were scored"), "\(whole.errors)")
    let expected = try shop.files("whole")
    #expect(
      Set(expected.keys) == [
        "pictures.csv", "unscored.csv", "curves.csv", "curves.svg", "curves.png", "manifest.json",
      ])

    #expect(try shop.interrupt("run", by: SIGKILL, after: 16) == SIGKILL)
    let refused = try shop.run("run")
    #expect(refused.status == 73 && refused.errors.contains("holds an unfinished run (--resume continues it"))
    // Half a line, as a kill in the middle of writing leaves it.
    let partial = "\(shop.path)/run/pictures.csv.partial"
    try (FileBytes.read(partial) + Array("i/9, \"x".utf8)).withUnsafeBytes { bytes in
      try AtomicFile.write(Array(bytes), to: partial)
    }
    #expect(try shop.interrupt("run", by: SIGKILL, after: 48, "--resume") == SIGKILL)
    let other = try Program.run(Workshop.arguments("run") + ["--resume", "--size", "96"], in: shop.path)
    #expect(other.status == 64 && other.errors.contains("begun with other pictures, weights or options"))
    let last = try shop.run("run", "--resume")
    #expect(last.status == 1 && last.errors.contains("5 unusable; 85 pictures were scored"), "\(last.errors)")
    #expect(try shop.files("run") == expected)
    let again = try shop.run("run", "--resume")
    #expect(again.status == 1 && again.output.isEmpty)
    // Also one that is over goes on under its own options alone.
    let changed = try Program.run(Workshop.arguments("run") + ["--resume", "--size", "96"], in: shop.path)
    #expect(changed.status == 64 && changed.errors.contains("begun with other pictures, weights or options"))
    #expect(try shop.files("run") == expected)
    // Begins anew where nothing is, and over what is there.
    #expect(try shop.run("fresh", "--resume").status == 1)
    #expect(try shop.files("fresh") == expected)
    #expect(try shop.interrupt("fresh", by: SIGKILL, after: 16, "--force") == SIGKILL)
    #expect(try shop.run("fresh", "--force").status == 1)
    #expect(try shop.files("fresh") == expected)
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func signalsStopAfterAPicture(signal: Int32, status: Int32) throws {
    let shop = try Workshop(count: 90)
    #expect(try shop.interrupt("run", by: signal, after: 16) == status)
    let next = try shop.next("run")
    #expect(next >= 16 && next < 90)
    #expect(try shop.run("run", "--resume").status == 1)
    #expect(try Folders.contents(of: shop.path + "/run").count == 6)
  }

  @Test func filesThatDoNotFitAreRefused() throws {
    let shop = try Workshop(count: 40)
    #expect(try shop.interrupt("run", by: SIGKILL, after: 16) == SIGKILL)
    let partial = "\(shop.path)/run/pictures.csv.partial"
    try AtomicFile.write(try FileBytes.read(partial).prefix(100), to: partial)
    let short = try shop.run("run", "--resume")
    #expect(short.status == 65 && short.errors.contains("cannot be continued"), "\(short.errors)")
    try AtomicFile.write("{}".utf8, to: shop.path + "/run/evaluation.state.json")
    #expect(try shop.run("run", "--resume").status == 65)
    #expect(try shop.run("run", "--force").status == 1)
  }
}
