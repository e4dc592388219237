import Files
import Foundation

@testable import Checkpoints

/// Files made by Reference/make_fixtures.py with the packages that own the formats.
enum Fixtures {
  static let folder = Bundle.module.path(forResource: "Fixtures", ofType: nil) ?? "Fixtures"

  /// The smallest files that show everything a format has.
  static let all = [
    "python.safetensors", "edviz.safetensors", "state.pth", "state-protocol4.pth", "trainer.pth", "typed.pth",
    "state-legacy.pth", "state-legacy-protocol4.pth", "trainer-legacy.pth.tar", "views-legacy.pth",
    "python2-legacy.pth",
  ]

  static func path(_ name: String) -> String { folder + "/" + name }

  static func bytes(_ name: String) throws -> [UInt8] {
    try MappedFile(path: path(name)).withUnsafeBytes(Array.init)
  }

  /// Large data that is not part of the package: a file or folder in the one that EDVIZ_DATA names, or nil if it is not
  /// there.
  static func data(_ name: String) -> String? {
    guard let folder = ProcessInfo.processInfo.environment["EDVIZ_DATA"] else { return nil }
    let path = folder + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// A folder in which tests record their output anew, from EDVIZ_RECORD.
  static let record = ProcessInfo.processInfo.environment["EDVIZ_RECORD"]
}

/// Opens bytes as a file called "test".
func open(_ bytes: [UInt8]) throws(CheckpointError) -> Checkpoint {
  try Checkpoint(bytes: bytes, path: "test")
}

/// The error that opening gives, or nil.
func failure(_ bytes: [UInt8]) -> CheckpointError? {
  do {
    _ = try open(bytes)
    return nil
  } catch {
    return error
  }
}

extension CheckpointError {
  /// Which case it is, for tests that leave the wording to the table of sentences.
  var kind: String { Mirror(reflecting: self).children.first?.label ?? "" }
}
