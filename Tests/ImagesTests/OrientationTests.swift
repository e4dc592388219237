import Testing

@testable import Images

@Suite struct OrientationTests {
  /// Three by two: a b c over d e f, each letter one level.
  private func letters(_ rows: [String]) -> Image {
    let pixels = rows.joined().utf8.flatMap { [UInt8](repeating: $0, count: 3) }
    return Image(width: rows[0].count, height: rows.count, pixels: pixels)
  }

  @Test func turnsAsExifDefines() {
    let stored = letters(["abc", "def"])
    let upright: [Orientation: [String]] = [
      .upright: ["abc", "def"], .mirrored: ["cba", "fed"], .upsideDown: ["fed", "cba"],
      .flipped: ["def", "abc"], .transposed: ["ad", "be", "cf"], .turnedLeft: ["da", "eb", "fc"],
      .transversed: ["fc", "eb", "da"], .turnedRight: ["cf", "be", "ad"],
    ]
    for orientation in Orientation.allCases {
      #expect(stored.turned(upright: orientation) == letters(upright[orientation] ?? []), "\(orientation)")
    }
  }

  @Test func tilesMeet() {
    let image = Image(width: 75, height: 41, pixels: noise(75 * 41 * 3, seed: 1))
    let back: [Orientation: Orientation] = [.turnedLeft: .turnedRight, .turnedRight: .turnedLeft]
    for orientation in Orientation.allCases {
      let there = image.turned(upright: orientation)
      #expect(there.turned(upright: back[orientation] ?? orientation) == image)
    }
  }

  /// EXIF data with one other entry before the orientation.
  private func tiff(_ value: UInt8, bigEndian: Bool, long: Bool = false) -> [UInt8] {
    func number(_ value: UInt8, _ length: Int) -> [UInt8] {
      let zeros = [UInt8](repeating: 0, count: length - 1)
      return bigEndian ? zeros + [value] : [value] + zeros
    }
    let tag: [UInt8] = bigEndian ? [1, 0x12] : [0x12, 1]
    let width: [UInt8] = bigEndian ? [1, 0] : [0, 1]
    var bytes: [UInt8] = bigEndian ? [0x4D, 0x4D, 0, 0x2A] : [0x49, 0x49, 0x2A, 0]
    bytes += number(8, 4) + number(2, 2)
    bytes += width + number(4, 2) + number(1, 4) + number(9, 4)
    bytes += tag + number(long ? 4 : 3, 2) + number(1, 4) + number(value, long ? 4 : 2)
    return bytes + (long ? [] : [0, 0]) + [0, 0, 0, 0]
  }

  private func jpeg(exif: [UInt8]) -> [UInt8] {
    var bytes = Fixtures.bytes("jpeg/baseline.jpg")
    let body = Array("Exif".utf8) + [0, 0] + exif
    let length = body.count + 2
    bytes.insert(contentsOf: [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + body, at: 20)
    return bytes
  }

  @Test(arguments: Orientation.allCases)
  func readsEveryOrientation(_ orientation: Orientation) throws {
    let plain = try Image(contentsOf: Fixtures.path("jpeg/baseline.jpg"))
    let number = UInt8(orientation.rawValue)
    for data in [
      tiff(number, bigEndian: false), tiff(number, bigEndian: true),
      tiff(number, bigEndian: true, long: true),
    ] {
      #expect(try Image(decoding: jpeg(exif: data), file: "a") == plain.turned(upright: orientation))
    }
    var png = Fixtures.bytes("pngsuite/basn2c08.png")
    let plainPNG = try Image(decoding: png, file: "a")
    png.insert(contentsOf: pngChunk("eXIf", tiff(number, bigEndian: true)), at: png.count - 12)
    #expect(try Image(decoding: png, file: "a") == plainPNG.turned(upright: orientation))
  }

  @Test func damagedExifIsIgnored() throws {
    let plain = try Image(contentsOf: Fixtures.path("jpeg/baseline.jpg"))
    let whole = tiff(6, bigEndian: true)
    for length in 0..<whole.count - 8 {
      let image = try Image(decoding: jpeg(exif: Array(whole[..<length])), file: "a")
      #expect(image == plain, "\(length) bytes")
    }
    for value in [0, 9, 255] as [UInt8] {
      #expect(try Image(decoding: jpeg(exif: tiff(value, bigEndian: false)), file: "a") == plain)
    }
    var far = whole
    far.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try Image(decoding: jpeg(exif: far), file: "a") == plain)
  }
}
