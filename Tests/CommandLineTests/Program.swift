import Foundation
import Testing

/// The built program, run as a user runs it.
enum Program {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The executable stands beside the test bundle.
  static let path: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("edviz").path
  }()

  static func run(
    path: String = Program.path, _ arguments: [String], in folder: String? = nil, input: String = "",
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    standardInput.fileHandleForWriting.write(Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    // Both pipes are small here: what is written fits their buffers.
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    let errorData = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
      errors: String(decoding: errorData, as: UTF8.self))
  }

  /// Large data that is not part of the package: a file or folder in the one that EDVIZ_DATA names, or nil if it is not
  /// there.
  static func data(_ name: String) -> String? {
    guard let folder = ProcessInfo.processInfo.environment["EDVIZ_DATA"] else { return nil }
    let path = folder + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The Python that EDVIZ_PYTHON names, if it has some packages.
  static func python(with packages: String...) -> String? {
    guard let python = ProcessInfo.processInfo.environment["EDVIZ_PYTHON"] else { return nil }
    // Looks for them, without the seconds that loading takes.
    let question = """
      import sys, importlib.util
      sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))
      """
    let outcome = try? run(path: python, ["-c", question] + packages)
    return outcome?.status == 0 ? python : nil
  }

  /// A folder of the repository.
  static func repository(_ path: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(path).path
  }
}
