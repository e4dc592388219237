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

  /// Notes of a camera in both formats, and alone; the input is what stands in the file.
  static let exif = FuzzTarget(
    "exif",
    seeds: ["Tests/Fuzzing/Seeds/exif/*"], words: ["Exif\0\0", "eXIf", "II*\0", "MM\0*", "ftyp", "avif"]
  ) { bytes in
    bytes.withUnsafeBytes { bytes in
      _ = Orientation(tiff: bytes)
      _ = Orientation(jpeg: bytes)
      _ = Orientation(png: bytes)
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
