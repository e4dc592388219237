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
        && !name.dropFirst(4).hasPrefix("6a") && !name.dropFirst(4).hasPrefix("3p")
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

/// What the values of mask files are taken for, and what is left out of every score.
@Suite struct MaskReadingTests {
  private static let decoder = ImageDecoder()

  /// A grey picture of one row.
  private static func grey(_ levels: [Int], most: Int = 255) -> [UInt8] {
    Array("P2 \(levels.count) 1 \(most) ".utf8)
      + Array(levels.map(String.init).joined(separator: " ").utf8)
  }

  private static func colors(_ colors: [[Int]]) -> [UInt8] {
    Array("P3 \(colors.count) 1 255 ".utf8)
      + Array(colors.joined().map(String.init).joined(separator: " ").utf8)
  }

  /// A bitmap of one row of positions, four at most, in a palette of blue, green, red.
  private static func palette(_ positions: [UInt8], _ colors: [[UInt8]]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let start = 54 + colors.count * 4
    return Array("BM".utf8) + little(start + 4, 4) + little(0, 4) + little(start, 4) + little(40, 4)
      + little(positions.count, 4) + little(1, 4) + little(1, 2) + little(8, 2) + little(0, 16)
      + little(colors.count, 4) + little(0, 4) + colors.flatMap { $0.reversed() + [0] } + positions
      + [UInt8](repeating: 0, count: (4 - positions.count % 4) % 4)
  }

  private static func read(
    _ bytes: [UInt8], _ change: (inout MaskReading) -> Void = { _ in }
  ) throws -> DecodedMask {
    var reading = MaskReading()
    change(&reading)
    return try bytes.withUnsafeBytes { try decoder.decodeMask($0, file: "m", reading: reading) }
  }

  private static func text(_ mask: Mask?) -> String {
    mask.map { String($0.values.map { $0 ? "#" : "." }) } ?? "-"
  }

  private static let border: [UInt8] = [224, 224, 192]

  /// What is certain by itself: the object, what is ignored, and a word of the remark.
  private static let certain: [(bytes: [UInt8], object: String, ignored: String, remark: String?)] = [
    (grey([0, 255, 0]), ".#.", "-", nil), (grey([0, 1, 0]), ".#.", "-", "0 and 1"),
    (grey([200, 255, 200]), ".#.", "-", "200 and 255"), (grey([0, 1], most: 1), ".#", "-", nil),
    (grey([0, 128, 255]), "..#", ".#.", "128, between 0 and 255"),
    (grey([0, 127, 255]), "..#", ".#.", "127, between 0 and 255"),
    (grey([0, 32_768, 65_535], most: 65_535), "..#", ".#.", "32768, between 0 and 65535"),
    (grey([0, 1, 0], most: 65_535), ".#.", "-", "0 and 1"),
    (grey([0, 100, 128, 255]), "..##", "-", nil), (grey([0, 10, 240, 255]), "..##", "-", nil),
    (colors([[0, 0, 0], [128, 0, 0], [0, 0, 0]]), ".#.", "-", "every colour but black"),
    (colors([[0, 0, 0], [255, 255, 0], [0, 0, 0]]), ".#.", "-", nil),
    (
      colors([[0, 0, 0], [128, 0, 0], [224, 224, 192], [0, 128, 128]]), ".#.#", "..#.", "(224, 224, 192)"
    ),
    (palette([0, 1, 2, 0], [[0, 0, 0], [128, 0, 0], [0, 128, 0]]), ".##.", "-", "every position"),
    (
      palette([0, 1, 3, 2], [[0, 0, 0], [128, 0, 0], [0, 128, 0], border]), ".#.#", "..#.",
      "3, the border"
    ),
    (palette([0, 1], [[0, 0, 0], [255, 255, 255]]), ".#", "-", nil),
    (palette([0, 1], [[255, 255, 255], [0, 0, 0]]), "#.", "-", nil),
    (palette([0, 1], [[0, 0, 0], [1, 1, 1]]), ".#", "-", "0 and 1"),
  ]

  @Test func whatIsCertainIsTaken() throws {
    for (bytes, object, ignored, remark) in Self.certain {
      let found = try Self.read(bytes)
      let name = Comment(rawValue: String(decoding: bytes.prefix(40), as: UTF8.self))
      #expect(Self.text(found.mask) == object && Self.text(found.ignored) == ignored, name)
      if let remark {
        #expect(found.remark?.contains(remark) == true, "\(found.remark ?? "none")")
      } else {
        #expect(found.remark == nil, name)
      }
    }
  }

  @Test func whatMayBeTwoThingsIsRefused() throws {
    let classes = Self.grey([0, 15, 3, 255])
    #expect(throws: ImageError.ambiguousMask(file: "m", levels: "0, 3, 15, 255")) { try Self.read(classes) }
    let found = try Self.read(classes) { $0.ignored = [.level(255)] }
    #expect(Self.text(found.mask) == ".##." && Self.text(found.ignored) == "...#")
    #expect(Self.text(try Self.read(classes) { $0.threshold = 127 }.mask) == "...#")
    #expect(Self.text(try Self.read(classes) { $0.ignored = [] }.mask) == "...#")
    #expect(try Self.read(Self.grey([1, 2, 3, 3])).found == "1, 2, 3")
  }

  @Test func whatIsSaidIsTaken() throws {
    let trimap = Self.grey([1, 2, 3, 1])
    let pets = try Self.read(trimap) {
      $0.values = [.level(1)]
      $0.ignored = [.level(3)]
    }
    #expect(Self.text(pets.mask) == "#..#" && Self.text(pets.ignored) == "..#." && pets.source == .given)
    #expect(Self.text(try Self.read(trimap) { $0.values = [.level(2), .level(3)] }.mask) == ".##.")
    #expect(Self.text(try Self.read(trimap) { $0.source = .index }.mask) == "####")
    #expect(Self.text(try Self.read(trimap) { $0.threshold = 2 }.mask) == "..#.")
    let painted = Self.colors([[9, 0, 0], [255, 0, 0], [0, 0, 255]])
    #expect(Self.text(try Self.read(painted) { $0.values = [.color(.red)] }.mask) == ".#.")
    let indexed = Self.palette([2, 1, 0], [[9, 9, 9], [255, 0, 0], [0, 0, 255]])
    #expect(Self.text(try Self.read(indexed) { $0.values = [.level(2)] }.mask) == "#..")
    #expect(Self.text(try Self.read(indexed) { $0.values = [.color(.red)] }.mask) == ".#.")
    let gray = Self.grey([0, 128, 255])
    #expect(Self.text(try Self.read(gray) { $0.ignored = [] }.mask) == ".##")
    // What is ignored is none of the object's.
    let both = try Self.read(gray) {
      $0.values = [.level(128), .level(255)]
      $0.ignored = [.level(128)]
    }
    #expect(Self.text(both.mask) == "..#" && Self.text(both.ignored) == ".#.")
    let votes = try gray.withUnsafeBytes { try Self.decoder.decodeMask($0, file: "m", reading: .votes) }
    #expect(Self.text(votes.mask) == ".##" && votes.ignored == nil && votes.remark == nil)
  }

  @Test func valuesAreReadAsTheyAreWritten() {
    #expect(MaskReading.Value("15") == .level(15) && MaskReading.Value("65535") == .level(65_535))
    #expect(MaskReading.Value("#ff0000") == .color(.red) && MaskReading.Value("#FF0000") == .color(.red))
    for text in ["", "-1", "65536", "#ff00", "#gg0000", "red", "1.5"] {
      #expect(MaskReading.Value(text) == nil, "\(text)")
    }
    for text in ["0", "300", "#0a00ff"] { #expect(MaskReading.Value(text)?.description == text) }
  }

  /// Rows of a picture that is stored on its side belong to the upright mask.
  @Test func masksAreUpright() throws {
    let folder = Fixtures.path("formats")
    let turned = try Self.decoder.decodeMask(contentsOf: folder + "/a-exif6.tif")
    let image = try Image(contentsOf: folder + "/a-exif6.tif")
    #expect(turned.mask == Mask(brightPixelsOf: image))
  }
}
