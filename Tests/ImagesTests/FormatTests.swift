import Files
import Foundation
import Testing

@testable import Images

/// WebP, TIFF, GIF, BMP and PNM against Pillow (Reference/formats.py).
@Suite struct FormatTests {
  /// A line of `index.txt` with the pixels that belong to it.
  private struct Entry {
    let name: String
    let width: Int
    let height: Int
    let tolerance: Int
    let pixels: ArraySlice<UInt8>
  }

  private static func entries(in folder: String) throws -> [Entry] {
    let index = String(decoding: try FileBytes.read(folder + "/index.txt"), as: UTF8.self)
    let pixels = try FileBytes.read(folder + "/reference.rgb")
    var start = 0
    return try index.split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      let numbers = words.dropFirst().compactMap { Int($0) }
      try #require(words.count == 4 && numbers.count == 3)
      defer { start += numbers[0] * numbers[1] * 3 }
      return Entry(
        name: String(words[0]), width: numbers[0], height: numbers[1], tolerance: numbers[2],
        pixels: pixels[start..<start + numbers[0] * numbers[1] * 3])
    }
  }

  private static func check(_ folder: String, atLeast counts: [String: Int]) throws {
    var found: [String: Int] = [:]
    for entry in try entries(in: folder) {
      let path = folder + "/" + entry.name
      let image = try Image(contentsOf: path)
      try #require(image.width == entry.width && image.height == entry.height, "\(entry.name)")
      let worst = zip(image.pixels, entry.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
      #expect(worst <= entry.tolerance, "\(entry.name) differs by \(worst)")
      found[String(entry.name.split(separator: ".").last ?? ""), default: 0] += 1
    }
    for (ending, count) in counts {
      #expect((found[ending] ?? 0) >= count, "\(ending): \(found[ending] ?? 0)")
    }
  }

  /// Equal where nothing is lost, else within a level.
  @Test func picturesArePillows() throws {
    try Self.check(
      Fixtures.path("formats"), atLeast: ["webp": 12, "tif": 50, "gif": 15, "bmp": 15, "pgm": 7, "ppm": 7])
  }

  /// The same for hundreds of larger pictures, which the script makes anew, where EDVIZ_PYTHON names a Python with Pillow.
  @Test(.enabled(if: python != nil, "EDVIZ_PYTHON names no Python with Pillow and NumPy"))
  func manyPicturesArePillows() throws {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Reference/formats.py"
    process.arguments = [script, folder.path]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    try Self.check(
      folder.path, atLeast: ["webp": 50, "tif": 150, "gif": 45, "bmp": 45, "pgm": 20, "ppm": 20, "pbm": 9])
  }

  private static let python: String? = {
    guard let python = ProcessInfo.processInfo.environment["EDVIZ_PYTHON"] else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", "import PIL, numpy"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    return process.terminationStatus == 0 ? python : nil
  }()

  /// Half a file, a file with another byte here and there, and no file end the process; what is read of them is a picture
  /// of the size that the header said.
  @Test func damagedFilesAreHarmless() throws {
    let decoder = ImageDecoder(limits: ImageLimits(maximumPixels: 1 << 16))
    var refused = 0
    for entry in try Self.entries(in: Fixtures.path("formats")) {
      let bytes = Fixtures.bytes("formats/" + entry.name)
      var state = UInt64(bytes.count)
      for round in 0..<8 {
        var damaged = round < 4 ? Array(bytes.prefix(bytes.count * round / 4)) : bytes
        for _ in 4..<max(4, round) {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 56)
        }
        do {
          let image = try decoder.decode(damaged, file: "x").image
          #expect(image.pixels.count == image.width * image.height * 3)
          _ = try damaged.withUnsafeBytes { try decoder.decodeMask($0, file: "x") }
        } catch let error as ImageError {
          #expect("\(error)".hasPrefix("x: "))
          refused += 1
        }
      }
    }
    #expect(refused > 200)
  }

  /// A header that announces more than the limit, or tiles that only take memory, is refused before anything is decoded.
  @Test func bombsAreRefused() throws {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let decoder = ImageDecoder(limits: .standard)
    let bitmap =
      Array("BM".utf8) + little(0, 8) + little(54, 4) + little(40, 4) + little(60_000, 4) + little(60_000, 4)
      + little(1, 2) + little(24, 2) + little(0, 24)
    let gif =
      Array("GIF89a".utf8) + little(65_535, 2) + little(65_535, 2) + [0, 0, 0, 0x2C] + little(0, 4)
      + little(65_535, 2)
      + little(65_535, 2) + [0, 2, 0]
    func tiff(_ tags: [(Int, Int)]) -> [UInt8] {
      [0x49, 0x49, 0x2A, 0] + little(8, 4) + little(tags.count, 2)
        + tags.flatMap { little($0.0, 2) + little(4, 2) + little(1, 4) + little($0.1, 4) } + little(0, 4)
    }
    let wide = tiff([(256, 1 << 30), (257, 1 << 30), (258, 8), (262, 1), (273, 8), (277, 1), (279, 8)])
    for (bytes, size) in [
      (bitmap, (60_000, 60_000)), (gif, (65_535, 65_535)), (wide, (1 << 30, 1 << 30)),
      (Array("P6 99999999 99999999 255\n".utf8), (99_999_999, 99_999_999)),
    ] {
      let expected = ImageError.tooLarge(
        file: "x", width: size.0, height: size.1, maximumPixels: ImageLimits.standard.maximumPixels)
      #expect(throws: expected) { try decoder.decode(bytes, file: "x") }
    }
    let tiles = tiff([
      (256, 10), (257, 10), (258, 8), (262, 1), (277, 1), (322, 1 << 20), (323, 1 << 20), (324, 8), (325, 8),
    ])
    #expect(throws: ImageError.self) { try decoder.decode(tiles, file: "x") }
  }
}
