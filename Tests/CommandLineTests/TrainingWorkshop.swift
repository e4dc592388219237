import EDViz
import Foundation

/// A folder with pictures of three colours, a recipe for them, and the program in it.
struct TrainingWorkshop {
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
