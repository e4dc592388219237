import Files
import Testing

@testable import Images

/// Which pixels of a picture file are the object.
@Suite struct DecodedMaskTests {
  private static let decoder = ImageDecoder()

  /// A PNG of 8-bit RGBA pixels, its data stored as they are.
  private static func png(_ width: Int, _ pixels: [[UInt8]]) -> [UInt8] {
    let height = pixels.count / width
    func word(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
      var sum: UInt32 = .max
      for byte in Array(name.utf8) + data {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      return word(data.count) + Array(name.utf8) + data + word(Int(~sum))
    }
    var rows: [UInt8] = []
    for row in 0..<height { rows += [0] + pixels[row * width..<(row + 1) * width].joined() }
    var (low, high) = (1, 0)
    for byte in rows {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let count = rows.count
    let stored: [UInt8] = [
      0x78, 1, 1, UInt8(count & 255), UInt8(count >> 8), ~UInt8(count & 255), ~UInt8(count >> 8),
    ]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", word(width) + word(height) + [8, 6, 0, 0, 0])
      + chunk("IDAT", stored + rows + word(high << 16 | low)) + chunk("IEND", [])
  }

  private static func read(_ pixels: [[UInt8]]) throws -> DecodedMask {
    try png(2, pixels).withUnsafeBytes { try decoder.decodeMask($0, file: "m.png") }
  }

  private static let masks: [(pixels: [[UInt8]], source: DecodedMask.Source, values: [Bool])] = [
    // Black on transparent, white on transparent, a photograph that was cut out.
    ([[0, 0, 0, 255], [0, 0, 0, 0]], .alpha, [true, false]),
    ([[255, 255, 255, 0], [255, 255, 255, 255]], .alpha, [false, true]),
    (
      [[9, 200, 4, 128], [250, 250, 250, 127], [1, 2, 3, 255], [0, 0, 0, 0]], .alpha,
      [true, false, true, false]
    ),
    // An alpha channel that parts nothing: colours are those of the file, not what they look like over white.
    ([[255, 255, 255, 255], [0, 0, 0, 255]], .brightness, [true, false]),
    ([[200, 200, 200, 200], [10, 10, 10, 129]], .brightness, [true, false]),
    ([[0, 0, 0, 130], [0, 0, 0, 130]], .brightness, [false, false]),
  ]

  @Test(arguments: masks)
  func alphaIsTheMaskWhereItPartsThePicture(
    pixels: [[UInt8]], source: DecodedMask.Source, values: [Bool]
  ) throws {
    let found = try Self.read(pixels)
    #expect(found.source == source && found.mask.values == values)
    #expect(found.mask.width == 2 && found.mask.height == pixels.count / 2)
  }

  @Test func transparentMasksMarkNothing() {
    #expect(throws: ImageError.transparentMask(file: "m.png")) {
      try Self.read([[255, 255, 255, 0], [0, 0, 0, 100]])
    }
  }

  /// Grey with alpha, transparency in a palette or of one colour, interlaced: every PNG gives a mask, that of its
  /// brightness if it is opaque.
  @Test func everyKindOfPNGIsRead() throws {
    for name in try Folders.contents(of: Fixtures.path("pngsuite")) where name.hasSuffix(".png") {
      let bytes = Fixtures.bytes("pngsuite/" + name)
      let image = try ImageDecoder().decode(bytes, file: name).image
      let found: DecodedMask
      do { found = try bytes.withUnsafeBytes { try Self.decoder.decodeMask($0, file: name) } } catch {
        #expect(error as? ImageError == .transparentMask(file: name))
        continue
      }
      #expect(found.mask.width == image.width && found.mask.height == image.height, "\(name)")
      let isOpaque =
        name != "PngSuite.png" && !name.hasPrefix("t") && !name.dropFirst(4).hasPrefix("4a")
        && !name.dropFirst(4).hasPrefix("6a")
      if isOpaque {
        #expect(found.source == .brightness && found.mask == Mask(brightPixelsOf: image), "\(name)")
      }
    }
  }

  @Test func halfAMaskIsNone() throws {
    let whole = try Image(width: 64, height: 64, pixels: (0..<64 * 64 * 3).map { UInt8($0 * 7 & 255) })
      .encodedJPEG()
    let half = Array(whole.prefix(whole.count / 2))
    let decoded = try Self.decoder.decode(half, file: "m.jpg")
    #expect(decoded.isIncomplete)
    #expect(throws: ImageError.incomplete(file: "m.jpg")) { try decoded.whole(file: "m.jpg") }
    #expect(throws: ImageError.incomplete(file: "m.jpg")) {
      try half.withUnsafeBytes { try Self.decoder.decodeMask($0, file: "m.jpg") }
    }
    #expect(try !Self.decoder.decode(whole, file: "m.jpg").isIncomplete)
  }
}
