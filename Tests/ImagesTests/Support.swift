import Foundation
import Testing

@testable import Images

/// A picture as reference lists note it: name, width, height, CRC-32 of its RGB bytes.
struct Reference: Sendable, CustomTestStringConvertible {
  let name: String
  let width: Int
  let height: Int
  /// Nil where the other decoder refused the file.
  let checksum: UInt32?

  var testDescription: String { name }

  static func list(_ file: String) -> [Reference] {
    let text = String(decoding: Fixtures.bytes(file), as: UTF8.self)
    return text.split(separator: "\n").map { line in
      let fields = line.split(separator: " ")
      let numbers = fields.suffix(3)
      return Reference(
        name: fields.dropLast(3).joined(separator: " "), width: Int(numbers[numbers.startIndex]) ?? 0,
        height: Int(numbers[numbers.startIndex + 1]) ?? 0, checksum: UInt32(fields.last ?? "", radix: 16))
    }
  }

  func matches(_ image: Image) -> Bool {
    image.width == width && image.height == height && image.checksum == checksum
  }
}

enum Fixtures {
  static let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures").path ?? ""

  /// Large data that is not part of the package: a file or folder in the one that EDVIZ_DATA names, or nil if it is not
  /// there.
  static func data(_ name: String) -> String? {
    guard let folder = ProcessInfo.processInfo.environment["EDVIZ_DATA"] else { return nil }
    let path = folder + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  static func path(_ name: String) -> String { folder + "/" + name }

  static func bytes(_ name: String) -> [UInt8] { bytes(at: path(name)) }

  static func bytes(at path: String) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      Issue.record("\(path) is missing")
      return []
    }
    return Array(data)
  }

  /// Paths of all pictures below a folder, sorted.
  static func pictures(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }.sorted().map { folder + "/" + $0 }
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

// A failed expectation names the size instead of printing every pixel.

extension Image: CustomTestStringConvertible {
  /// Its size.
  public var testDescription: String { "picture of \(width) × \(height)" }
}

extension Mask: CustomTestStringConvertible {
  /// Its size.
  public var testDescription: String { "mask of \(width) × \(height)" }
}

extension Image {
  /// CRC-32 of the pixels, as in zlib.
  var checksum: UInt32 { crc32(pixels) }
}

private let crcTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
}

func crc32(_ bytes: [UInt8]) -> UInt32 {
  crcTable.withUnsafeBufferPointer { table in
    bytes.withUnsafeBufferPointer { bytes in
      var crc = ~UInt32(0)
      for byte in bytes { crc = table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc &>> 8) }
      return ~crc
    }
  }
}
