import Files
import Foundation
import Images
import Testing

@testable import Datasets

/// Files made by Reference/make.py.
enum Fixtures {
  static let folder = Bundle.module.path(forResource: "Fixtures", ofType: nil) ?? "Fixtures"

  static func path(_ name: String) -> String { folder + "/" + name }

  static func bytes(_ name: String) throws -> [UInt8] { try FileBytes.read(path(name)) }

  /// Large data that is not part of the package: a file or folder in the one that EDVIZ_DATA names, or nil if it is not
  /// there.
  static func data(_ name: String) -> String? {
    guard let folder = ProcessInfo.processInfo.environment["EDVIZ_DATA"] else { return nil }
    let path = folder + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}

extension TemporaryFolder {
  /// Writes a file, with its folders, and gives its path.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try AtomicFile.write(bytes, to: "\(path)/\(name)")
    return "\(path)/\(name)"
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  /// Writes a PNG of one colour.
  @discardableResult
  func picture(_ name: String, red: UInt8 = 0, width: Int = 4, height: Int = 3) throws -> String {
    let image = Image(width: width, height: height, filledWith: Color(red: red, green: 7, blue: 9))
    return try write(name, try image.encodedPNG())
  }
}

/// The numbers that `Reference/make.py` calls noise: the high byte of a linear congruence.
func noise(_ count: Int, seed: UInt32) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(state >> 24)
  }
}

/// The planes red, green, blue of a 32×32 picture as interleaved pixels.
func interleaved(_ planes: [UInt8]) -> [UInt8] {
  (0..<1024).flatMap { [planes[$0], planes[1024 + $0], planes[2048 + $0]] }
}

/// The error of opening a source, or nil.
func failure(_ source: DatasetSource) -> DatasetError? {
  do throws(DatasetError) {
    _ = try source.open()
    return nil
  } catch { return error }
}

func failure(_ path: String) -> DatasetError? { failure(DatasetSource(path: path)) }

extension DatasetError {
  /// Which case it is, for tests that leave the wording to the table of sentences.
  var kind: String { Mirror(reflecting: self).children.first?.label ?? "" }
}

// A failed expectation names the size instead of printing every pixel.
extension Image: CustomTestStringConvertible {
  /// Its size.
  public var testDescription: String { "picture of \(width) × \(height)" }
}
