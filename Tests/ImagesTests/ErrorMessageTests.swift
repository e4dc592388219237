import Files
import Testing

@testable import Images

@Suite struct ErrorMessageTests {
  private static let sentences: [(ImageError, String)] = [
    (.empty(file: "a.jpg"), "a.jpg: is empty"),
    (
      .unknownFormat(file: "a.txt"),
      "a.txt: is not a picture of a known format; edviz reads JPEG, PNG, WebP, TIFF, GIF, BMP and PNM"
    ),
    (
      .unreadFormat(file: "a.jpg", format: "HEIC"),
      "a.jpg: is a HEIC file; edviz reads JPEG, PNG, WebP, TIFF, GIF, BMP and PNM"
    ),
    (
      .ambiguousMask(file: "m.png", levels: "0, 15, 255"),
      "m.png: its levels, 0, 15, 255, may be classes with an ignored border or shares of brightness; --mask-value and "
        + "--ignore-value, or --mask-threshold 127, say which"
    ),
    (
      .unreadVariant(file: "a.jpg", format: "JPEG", variant: "lossless JPEG"),
      "a.jpg: is a JPEG file of a kind that edviz does not read: lossless JPEG"
    ),
    (
      .damaged(file: "a.png", format: "PNG", reason: "the file ends early"),
      "a.png: damaged PNG file: the file ends early"
    ),
    (
      .tooLarge(file: "a.png", width: 6, height: 5, maximumPixels: 20),
      "a.png: 6 × 5 pixels are more than the limit of 20"
    ),
    (.incomplete(file: "a.jpg"), "a.jpg: damaged JPEG file: it ends early"),
    (
      .transparentMask(file: "a.png"),
      "a.png: is an empty mask: its alpha channel is transparent everywhere, so that nothing is marked"
    ),
    (.outOfMemory(file: "a.png"), "a.png: not enough memory for the picture"),
    (.unknownExtension(file: "a.gif"), "a.gif: pictures are written as .png, .jpg or .jpeg"),
    (
      .notEncodable(format: "JPEG", reason: "too long"), "the picture cannot be written as JPEG: too long"
    ),
    (
      .unusableNormalization(part: "mean", values: [0, 1]),
      "the mean is [0.0, 1.0], but must be three finite numbers"
    ),
    (
      .unusableNormalization(part: "standard deviation", values: [1, -1, 1]),
      "the standard deviation is [1.0, -1.0, 1.0], but must be three numbers above 0"
    ),
    (
      .unknownColorMap(name: "hot", known: ["jet", "gray"]),
      "no colour map is called hot; there are jet, gray"
    ),
  ]

  @Test func everyErrorIsASentence() {
    for (error, sentence) in Self.sentences { #expect(error.description == sentence) }
  }

  @Test func otherFormatsAreNamed() {
    let files: [(String, [UInt8])] = [
      ("Photoshop", Array("8BPS".utf8)), ("PDF", Array("%PDF-1.4".utf8)),
      ("HEIC", [0, 0, 0, 24] + Array("ftypheic".utf8)), ("AVIF", [0, 0, 0, 24] + Array("ftypavif".utf8)),
      ("JPEG XL", [0xFF, 0x0A]),
    ]
    for (format, bytes) in files {
      #expect(throws: ImageError.unreadFormat(file: "a.jpg", format: format)) {
        try Image(decoding: bytes, file: "a.jpg")
      }
    }
  }

  /// A beginning alone is damage of the format that it is of.
  @Test func beginningsAreNamed() {
    let files: [(String, [UInt8])] = [
      ("GIF", Array("GIF89a".utf8)),
      ("WebP", Array("RIFF".utf8) + [9, 0, 0, 0] + Array("WEBP".utf8)),
      ("BMP", Array("BM".utf8) + [99, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0]),
      ("TIFF", [0x49, 0x49, 0x2A, 0]), ("TIFF", [0x4D, 0x4D, 0, 0x2A]), ("TIFF", [0x49, 0x49, 0x2B, 0]),
      ("PNM", Array("P5 3 3".utf8)),
    ]
    for (format, bytes) in files {
      let error = #expect(throws: ImageError.self) { try Image(decoding: bytes, file: "a.jpg") }
      #expect(
        error.map { "\($0)".hasPrefix("a.jpg: damaged \(format) file: ") } == true,
        "\(format): \(error as Any)")
    }
  }

  @Test func whatIsNoPictureIsRefused() {
    #expect(throws: ImageError.empty(file: "a")) { try Image(decoding: [], file: "a") }
    for text in ["a", "BMW", "hello, world, this is text", "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}ftyp"] {
      #expect(throws: ImageError.unknownFormat(file: "a")) {
        try Image(decoding: Array(text.utf8), file: "a")
      }
    }
    #expect(throws: FileError.notFound(path: "/no/such.jpg")) { try Image(contentsOf: "/no/such.jpg") }
  }
}
