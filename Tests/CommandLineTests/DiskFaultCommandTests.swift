import EDViz
import Foundation
import Testing

/// Each change of the disk that a command makes fails, one after the other: a disk that is full from there on, and one that
/// fails once. The program says which file it is about, what has a name is whole, and the same command, or one that goes
/// on, ends with the bytes of an unbroken run. All changes with EDVIZ_SLOW=1, else a few.
@Suite(.serialized) struct DiskFaultCommandTests {
  private static let isSlow = ProcessInfo.processInfo.environment["EDVIZ_SLOW"] == "1"

  /// A command in a folder of its own.
  private struct Job {
    var folder: TemporaryFolder
    /// What is run, with results in `output`.
    var begin: (_ output: String) -> [String]
    /// What ends a run that failed; it may find nothing there.
    var end: (_ output: String) -> [String]
    var status: Int32 = 0
    /// The results that must be the same, time and place taken out.
    var outcome: (_ output: String) throws -> [String: String]
    /// Positions of changes that are tried by default, as shares of all.
    var tried = 6
  }

  private func run(_ job: Job, _ arguments: [String], fault: String, log: String? = nil) throws
    -> Program.Outcome
  {
    var environment = ["EDVIZ_DISK_FAULT": fault]
    if let log { environment["EDVIZ_DISK_LOG"] = log }
    return try Program.run(arguments, in: job.folder.path, environment: environment)
  }

  private func check(_ job: Job) throws {
    let path = job.folder.path
    let first = try run(job, job.begin("whole"), fault: "0:0", log: path + "/log")
    #expect(first.status == job.status, "\(first.errors)")
    let expected = try job.outcome("whole")
    let changes = String(decoding: try FileBytes.read(path + "/log"), as: UTF8.self).split(separator: "\n")
    #expect(changes.count > 5)
    let step = Self.isSlow ? 1 : max(1, changes.count / job.tried)
    var failed = 0
    for (mode, code) in [("+", ENOSPC), ("", EIO)] {
      for number in stride(from: mode == "" ? 1 + step / 2 : 1, through: changes.count, by: step) {
        let output = "out-\(number)-\(code)"
        let about = "change \(number) of \(changes.count), \(changes[number - 1]), \(code)"
        let broken = try run(job, job.begin(output), fault: "\(number)\(mode):\(code)")
        #expect(broken.status == 73, "\(about): \(broken.errors)")
        let reason = String(cString: strerror(code))
        #expect(
          broken.errors.contains("cannot be written: \(reason)") && broken.errors.contains(output)
            || broken.errors.contains(TemporaryFolder.parent), "\(about): \(broken.errors)")
        failed += 1
        try expectWhole(job, output, about)
        let ended = try run(job, job.end(output), fault: "0:0")
        #expect(ended.status == job.status, "\(about): \(ended.errors)")
        #expect(try job.outcome(output) == expected, "\(about)")
      }
    }
    #expect(failed >= 2 * job.tried - 2 || Self.isSlow)
  }

  /// Everything with a final name can be read to its end.
  private func expectWhole(_ job: Job, _ output: String, _ about: String) throws {
    let place = job.folder.path + "/" + output
    let files = Folders.kind(of: place) == .folder ? try Self.files(in: place) : [place]
    for file in files where Folders.kind(of: file) == .file {
      let isWhole: Bool
      switch file.split(separator: ".").last {
      case "safetensors": isWhole = (try? Checkpoint(contentsOf: file)) != nil
      case "png": isWhole = (try? ImageDecoder().decode(contentsOf: file))?.warning == nil
      case "npy": isWhole = (try? NumPyArray(contentsOf: file)) != nil
      case "json":
        isWhole = (try? JSONSerialization.jsonObject(with: Data(FileBytes.read(file)))) != nil
      case "svg": isWhole = String(decoding: try FileBytes.read(file), as: UTF8.self).hasSuffix("</svg>\n")
      default: isWhole = true
      }
      #expect(isWhole, "\(about): \(file)")
    }
  }

  private static func files(in folder: String) throws -> [String] {
    try Folders.contents(of: folder).flatMap { name -> [String] in
      let path = folder + "/" + name
      return Folders.kind(of: path) == .folder ? try files(in: path) : [path]
    }
  }

  /// Digests of all files of a folder but those that tell of times, and the manifest without these.
  private static func digests(of folder: String, without names: Set<String> = []) throws -> [String: String] {
    var result: [String: String] = [:]
    for file in try files(in: folder) {
      let name = String(file.dropFirst(folder.count + 1))
      guard !names.contains(name) else { continue }
      guard name == "manifest.json" else {
        result[name] = try SHA256.hexadecimal(ofFile: file)
        continue
      }
      let manifest = try Manifest(contentsOf: file)
      result[name] =
        "\(manifest.files.sorted()) \(manifest.inputs.map(\.path)) \(manifest.localisation?.count ?? 0)"
    }
    return result
  }

  private func pictures(_ count: Int) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for number in 0..<count {
      let box = Box(x0: 4 + number, y0: 5, x1: 24 + number, y1: 30)
      let mask = Mask(filling: box, width: 60, height: 40)
      let pixels = mask.values.enumerated().flatMap { at, inside -> [UInt8] in
        inside ? [250, UInt8(at % 60 * 4), 40] : [20, UInt8(number * 9), UInt8(at % 7 * 10)]
      }
      let image = try Image(width: 60, height: 40, pixels: pixels).encodedPNG()
      try AtomicFile.write(number == 3 ? Array("bad".utf8) : image, to: "\(folder.path)/i/\(number).png")
      if number != 5 { try AtomicFile.write(mask.encodedPNG(), to: "\(folder.path)/m/\(number).png") }
    }
    return folder
  }

  @Test func heatmaps() throws {
    let folder = try pictures(3)
    func arguments(_ output: String) -> [String] {
      ["heatmap", "i", "-q", "--size", "32", "--report", "--threads", "1", "-o", output]
    }
    try check(
      Job(
        folder: folder, begin: arguments, end: { arguments($0) + ["--force"] },
        outcome: { try Self.digests(of: "\(folder.path)/\($0)", without: ["report.html"]) }))
  }

  @Test func conversions() throws {
    for (ending, more) in [("safetensors", ["--precision", "f16"]), ("onnx", [])] {
      let folder = try TemporaryFolder()
      try AtomicFile.write(Array(Model.bundledBytes), to: folder.path + "/in.safetensors")
      func arguments(_ output: String) -> [String] {
        ["convert", "in.safetensors", "\(output).\(ending)", "-q"] + more
      }
      try check(
        Job(
          folder: folder, begin: arguments, end: arguments,
          outcome: { ["": try SHA256.hexadecimal(ofFile: "\(folder.path)/\($0).\(ending)")] }, tried: 3))
    }
  }

  @Test func evaluations() throws {
    let folder = try pictures(20)
    func arguments(_ output: String) -> [String] {
      [
        "evaluate", "masks", "--images", "i", "--masks", "m", "-q", "--size", "32", "--threads", "1", "-o",
        output,
      ]
    }
    try check(
      Job(
        folder: folder, begin: arguments, end: { arguments($0) + ["--resume"] }, status: 1,
        outcome: { try Self.digests(of: "\(folder.path)/\($0)") }))
  }

  @Test func trainings() throws {
    let shop = try TrainingWorkshop()
    func arguments(_ output: String) -> [String] {
      ["train", "r.yaml", "-q", "--epochs", "2", "--threads", "1", "--output", output]
    }
    try check(
      Job(
        folder: shop.folder, begin: arguments,
        end: { output in
          let isBegun = Folders.kind(of: "\(shop.path)/\(output)/state.json") != nil
          return arguments(output) + (isBegun ? ["--resume"] : [])
        },
        outcome: { output in
          let names = try Folders.contents(of: "\(shop.path)/\(output)").joined(separator: " ")
          return ["": try shop.outcome(of: output).joined(separator: "\n") + names]
        }))
  }
}
