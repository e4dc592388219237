import Testing

@testable import Images

/// Decoding against other decoders; references are exact, because libpng has no choice and the slow integer
/// IDCT of libjpeg-turbo gives the same bits in all versions and on all processors.
@Suite struct DecodingTests {
  @Test(arguments: Reference.list("pngsuite.txt"))
  func decodesPngSuite(_ reference: Reference) throws {
    let result = try ImageDecoder().decode(contentsOf: Fixtures.path("pngsuite/" + reference.name))
    #expect(reference.matches(result.image))
    #expect(result.warning == nil)
  }

  @Test(arguments: Reference.list("jpeg.txt"))
  func decodesEachKindOfJPEG(_ reference: Reference) throws {
    let result = try ImageDecoder().decode(contentsOf: Fixtures.path("jpeg/" + reference.name))
    #expect(reference.matches(result.image))
    #expect(result.warning == nil)
  }

  private static let folders = ["exif", "jpeg-reftest", "libjpeg-turbo", "skimage"]

  @Test(
    .enabled(
      if: folders.contains { Fixtures.data("images/" + $0) != nil },
      "EDVIZ_DATA has none of images/exif/, jpeg-reftest/, libjpeg-turbo/, skimage/"),
    arguments: folders.filter { Fixtures.data("images/" + $0) != nil })
  func decodesPhotographsAsPillow(_ folder: String) throws {
    let references = Reference.list("jpeg-data.txt").filter { $0.name.hasPrefix(folder + "/") }
    #expect(references.count >= 4)
    let data = try #require(Fixtures.data("images"))
    for reference in references {
      let path = data + "/" + reference.name
      do {
        let image = try Image(contentsOf: path)
        if reference.checksum != nil {
          #expect(reference.matches(image), "\(reference.name)")
        } else {
          Issue.record("\(reference.name) was decoded, Pillow refuses it")
        }
      } catch let ImageError.damaged(file, _, _) {
        #expect(file == path && reference.name == "skimage/truncated.jpg")
      } catch let ImageError.unreadVariant(file, _, variant) {
        #expect(file == path)
        // Newer libraries than 2.1 read 8-bit lossless files, which the reference shows.
        let known8Bit = reference.name.hasSuffix("sel1-8bit.jpg")
        #expect(reference.checksum == nil || known8Bit, "\(reference.name): \(variant)")
        #expect(variant == "lossless JPEG" || variant == "12 bits a sample" || variant == "16 bits a sample")
      }
    }
  }

  @Test func reducedDecodingKeepsTheShortSide() throws {
    let path = Fixtures.path("jpeg/baseline.jpg")
    let full = try Image(contentsOf: path)
    #expect(full.width == 67 && full.height == 51)
    let sizes = [(52, 67, 51), (26, 67, 51), (25, 34, 26), (12, 17, 13), (6, 9, 7), (1, 9, 7)]
    for (short, width, height) in sizes {
      let image = try ImageDecoder(sufficientShortSide: short).decode(contentsOf: path).image
      #expect(image.width == width && image.height == height, "\(short)")
    }
    // The reduced picture is the mean of each square of pixels, but for what the encoder dropped.
    let eighth = try ImageDecoder(sufficientShortSide: 6).decode(contentsOf: path).image
    for channel in 0..<3 {
      let block = (8..<16).flatMap { y in (8..<16).map { Int(full.pixels[(y * 67 + $0) * 3 + channel]) } }
      #expect(abs(Int(eighth.pixels[(9 + 1) * 3 + channel]) - block.reduce(0, +) / 64) <= 6)
    }
  }

  @Test func truncatedJPEGIsGreyWithWarning() throws {
    let bytes = Fixtures.bytes("jpeg/baseline.jpg")
    let result = try ImageDecoder().decode(Array(bytes.prefix(bytes.count / 2 + 300)), file: "half.jpg")
    #expect(result.warning == "Premature end of JPEG file")
    let whole = try Image(decoding: bytes, file: "whole.jpg")
    #expect(result.image.pixels.prefix(67 * 3 * 8) == whole.pixels.prefix(67 * 3 * 8))
    #expect(result.image.pixels.suffix(3) == [128, 128, 128])
  }

  @Test func truncatedPNGIsAnError() {
    let bytes = Fixtures.bytes("pngsuite/basn2c08.png")
    #expect(throws: ImageError.damaged(file: "a.png", format: "PNG", reason: "the file ends early")) {
      try Image(decoding: Array(bytes.prefix(bytes.count / 2)), file: "a.png")
    }
  }
}
