@testable import Files
@testable import Images

extension FuzzTarget {
  /// A megapixel: larger pictures only take longer.
  private static let limits = ImageLimits(maximumPixels: 1 << 20)

  static let jpeg = FuzzTarget(
    "jpeg", seeds: ["Tests/ImagesTests/Fixtures/*/*.jpg"], words: ["Exif\0\0", "JFIF\0", "Adobe"]
  ) { bytes in
    try bytes.withUnsafeBytes { bytes in
      guard bytes.starts(with: [0xFF, 0xD8, 0xFF]) else { throw ImageError.unknownFormat(file: "input") }
      let whole = try ImageDecoder(limits: limits).decode(bytes, file: "input").image
      let reduced = try ImageDecoder(limits: limits, sufficientShortSide: 8).decode(bytes, file: "input")
        .image
      precondition(
        reduced.width <= whole.width && reduced.height <= whole.height
          && min(reduced.width, reduced.height) >= min(8, whole.width, whole.height),
        "a picture is made smaller, but not too small")
    }
  }

  static let png = FuzzTarget(
    "png",
    seeds: ["Tests/ImagesTests/Fixtures/pngsuite/*.png"],
    words: [
      "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "eXIf", "gAMA", "sBIT", "bKGD", "hIST", "pHYs", "tIME", "tEXt",
      "zTXt", "iTXt",
      "iCCP", "sRGB", "cHRM", "sPLT",
    ]
  ) { bytes in
    try bytes.withUnsafeBytes { bytes in
      guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
        throw ImageError.unknownFormat(file: "input")
      }
      _ = try ImageDecoder(limits: limits).decode(bytes, file: "input")
    }
  }

  /// A format whose header any input may have; what is read has the size that the header announced.
  private static func picture(
    _ name: String, seeds: [String], words: [String], _ beginnings: [[UInt8]]
  ) -> FuzzTarget {
    FuzzTarget(name, seeds: seeds, words: words) { bytes in
      try bytes.withUnsafeBytes { bytes in
        guard beginnings.contains(where: { bytes.starts(with: $0) }) else {
          throw ImageError.unknownFormat(file: "input")
        }
        let decoder = ImageDecoder(limits: limits)
        let size = try decoder.announcedSize(of: bytes, file: "input")
        let image = try decoder.decode(bytes, file: "input").image
        precondition(image.width * image.height == size.width * size.height, "the size is the header's")
      }
    }
  }

  static let webp = picture(
    "webp", seeds: ["Tests/ImagesTests/Fixtures/formats/*.webp"],
    words: ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "ICCP"], [Array("RIFF".utf8)])

  static let tiff = picture(
    "tiff", seeds: ["Tests/ImagesTests/Fixtures/formats/*.tif"],
    words: Words.integers + ["\u{0}\u{1}\u{3}\u{0}", "\u{1}\u{1}\u{3}\u{0}", "\u{3}\u{1}\u{3}\u{0}"],
    [[0x49, 0x49], [0x4D, 0x4D]])

  static let gif = picture(
    "gif", seeds: ["Tests/ImagesTests/Fixtures/formats/*.gif"], words: ["!\u{f9}", "NETSCAPE2.0", ","],
    [Array("GIF8".utf8)])

  static let bmp = picture(
    "bmp", seeds: ["Tests/ImagesTests/Fixtures/formats/*.bmp"], words: Words.integers, [Array("BM".utf8)])

  static let pnm = picture(
    "pnm", seeds: ["Tests/ImagesTests/Fixtures/formats/*.p?m"], words: Words.integers + ["# ", "\n"],
    [Array("P".utf8)])

  /// A mask, by what is in it and as everybody may say.
  static let maskFile = FuzzTarget(
    "mask",
    seeds: ["Tests/ImagesTests/Fixtures/formats/*.gif", "Tests/ImagesTests/Fixtures/pngsuite/*3p*.png"]
  ) { bytes in
    try bytes.withUnsafeBytes { bytes in
      let decoder = ImageDecoder(limits: limits)
      var said = MaskReading()
      said.values = [.level(1), .color(.red)]
      said.ignored = [.level(0)]
      let second = try decoder.decodeMask(bytes, file: "input", reading: said)
      let first = try decoder.decodeMask(bytes, file: "input")
      for mask in [first, second] {
        let both = zip(mask.mask.values, mask.ignored?.values ?? []).contains { $0 && $1 }
        precondition(!both, "what is ignored is none of the object's")
      }
    }
  }

  /// Notes of a camera in both formats, and alone; the input is what stands in the file.
  static let exif = FuzzTarget(
    "exif",
    seeds: ["Tests/Fuzzing/Seeds/exif/*"], words: ["Exif\0\0", "eXIf", "II*\0", "MM\0*", "ftyp", "avif"]
  ) { bytes in
    bytes.withUnsafeBytes { bytes in
      _ = Orientation(tiff: bytes)
      _ = Orientation(jpeg: bytes)
      _ = Orientation(png: bytes)
      _ = Orientation(webp: bytes)
      _ = ImageFormat(firstBytes: bytes)
    }
  }

  static let numPy = FuzzTarget(
    "npy", seeds: ["Tests/EDVizTests/Fixtures/localisation/*-map.npy", "Tests/Fuzzing/Seeds/npy/*"],
    words: Words.integers + [
      "'descr': '<f4'", "'fortran_order': False", "'shape': (", ", ", "'descr': '>f4'", "\u{301}",
    ]
  ) { bytes in
    let array = try NumPyArray(bytes: bytes, path: "input")
    let again = try NumPyArray(bytes: array.encoded, path: "again")
    precondition(
      again.shape == array.shape && again.elements.map(\.bitPattern) == array.elements.map(\.bitPattern),
      "an array that is written is read as the same one")
  }
}
