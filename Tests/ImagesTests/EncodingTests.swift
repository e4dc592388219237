import Files
import Testing

@testable import Images

@Suite struct EncodingTests {
  private let image = Image(width: 37, height: 23, pixels: noise(37 * 23 * 3, seed: 7))

  @Test func pngIsLossless() throws {
    #expect(try Image(decoding: image.encodedPNG(), file: "a") == image)
    let small = try image.encodedPNG(effort: .small)
    #expect(try Image(decoding: small, file: "a") == image)
    let mask = Mask(width: 37, height: 23, values: noise(37 * 23, seed: 2).map { $0 > 99 })
    #expect(Mask(brightPixelsOf: try Image(decoding: mask.encodedPNG(), file: "a")) == mask)
  }

  @Test func jpegIsClose() throws {
    let photo = try Image(contentsOf: Fixtures.path("jpeg/full-chroma.jpg"))
    let fine = try Image(decoding: photo.encodedJPEG(quality: 95), file: "a")
    let coarse = try Image(decoding: photo.encodedJPEG(quality: 30), file: "a")
    func distance(_ other: Image) -> Double {
      let sum = zip(photo.pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      return Double(sum) / Double(photo.pixels.count)
    }
    #expect(distance(fine) < 2)
    #expect(distance(coarse) < 10)
    #expect(distance(fine) < distance(coarse))
    #expect(try photo.encodedJPEG(quality: 30).count < photo.encodedJPEG(quality: 95).count)
  }

  @Test func encodersRefuseWhatTheyCannotHold() {
    let long = Image(width: 65_501, height: 1, filledWith: .black)
    #expect {
      try long.encodedJPEG()
    } throws: { error in
      guard case ImageError.notEncodable("JPEG", _)? = error as? ImageError else { return false }
      return true
    }
  }

  @Test func filesAreWrittenByExtension() throws {
    let folder = try TemporaryFolder()
    try image.write(to: folder.path + "/a.png")
    #expect(try Image(contentsOf: folder.path + "/a.png") == image)
    try image.write(to: folder.path + "/deep/b.JPG")
    #expect(try Image(contentsOf: folder.path + "/deep/b.JPG").width == 37)
    #expect(throws: ImageError.unknownExtension(file: "c.webp")) { try image.write(to: "c.webp") }
    #expect(throws: FileError.self) { try image.write(to: "/dev/null/d.png") }
  }
}
