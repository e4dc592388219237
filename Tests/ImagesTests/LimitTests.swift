import Testing

@testable import Images

@Suite struct LimitTests {
  /// Header of a PNG of 60,000 × 60,000 pixels, and nothing else.
  private let hugePNG: [UInt8] =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
    + [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0]

  /// A JPEG whose frame header says `side` × `side`.
  private func jpeg(side: Int) throws -> [UInt8] {
    var bytes = Fixtures.bytes("jpeg/baseline.jpg")
    let frame = try #require(bytes.indices.dropLast(9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    for offset in [5, 7] {
      bytes[frame + offset] = UInt8(side >> 8)
      bytes[frame + offset + 1] = UInt8(side & 255)
    }
    return bytes
  }

  @Test func hugeHeadersAreRefused() throws {
    let tooLarge = ImageError.tooLarge(
      file: "huge", width: 60_000, height: 60_000, maximumPixels: 178_956_970)
    #expect(throws: tooLarge) { try Image(decoding: hugePNG, file: "huge") }
    let hugeJPEG = try jpeg(side: 60_000)
    #expect(throws: tooLarge) { try Image(decoding: hugeJPEG, file: "huge") }
  }

  @Test func sidesBeyondTheLibraryAreRefused() throws {
    let bytes = try jpeg(side: 65_535)
    let limits = ImageLimits(maximumPixels: Int.max)
    #expect {
      try Image(decoding: bytes, file: "huge", limits: limits)
    } throws: { error in
      guard case ImageError.tooLarge(_, 65_535, 65_535, _) = error else { return false }
      return true
    }
    for side in [[0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF]] as [[UInt8]] {
      var png = hugePNG
      png.replaceSubrange(16..<24, with: side + side)
      #expect(throws: ImageError.self) { try Image(decoding: png, file: "huge", limits: limits) }
    }
  }

  @Test func limitIsAdjustable() throws {
    let bytes = Fixtures.bytes("pngsuite/basn2c08.png")
    let fits = try Image(decoding: bytes, file: "a", limits: ImageLimits(maximumPixels: 1024))
    #expect(fits.width == 32)
    #expect(throws: ImageError.tooLarge(file: "a", width: 32, height: 32, maximumPixels: 1023)) {
      try Image(decoding: bytes, file: "a", limits: ImageLimits(maximumPixels: 1023))
    }
  }

  @Test func progressiveScansAreCounted() throws {
    let bytes = Fixtures.bytes("jpeg/progressive.jpg")
    #expect {
      try Image(decoding: bytes, file: "a", limits: ImageLimits(maximumScans: 3))
    } throws: { error in
      error as? ImageError
        == .unreadVariant(file: "a", format: "JPEG", variant: "too many progressive scans")
    }
    // A scan repeated for ever, as an attacker writes it: the last scan's header and data, 200 times.
    let scan = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    var bomb = Array(bytes[..<scan])
    for _ in 0..<200 { bomb += bytes[scan..<bytes.count - 2] }
    #expect(throws: ImageError.self) { try Image(decoding: bomb, file: "bomb") }
  }

  @Test func ancillaryChunksAreNotInflated() throws {
    // A zTXt chunk that would be damaged if it were read, and a profile that would be too long.
    var bytes = Fixtures.bytes("pngsuite/basn2c08.png")
    let plain = try Image(decoding: bytes, file: "plain")
    for type in ["zTXt", "iCCP", "iTXt", "sPLT", "tEXt", "abCd"] {
      let body = Array("key".utf8) + [0, 0] + [UInt8](repeating: 0x78, count: 3000)
      bytes.insert(contentsOf: pngChunk(type, body), at: 33)
    }
    let result = try ImageDecoder().decode(bytes, file: "chunks")
    #expect(result.image == plain)
    #expect(result.warning == nil)
  }
}

/// A chunk with its length and checksum.
func pngChunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
  let bytes = Array(type.utf8) + body
  return bigEndian(UInt32(body.count)) + bytes + bigEndian(crc32(bytes))
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
}
