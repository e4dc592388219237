import CImageFormats
import Files

/// How hard a PNG encoder tries. Both are lossless.
public enum PNGEffort: Sendable {
  /// For what is written often: about six times as fast, a photograph's file about a sixth larger.
  case fast
  /// For what is kept or sent.
  case small

  fileprivate var level: Int32 {
    switch self {
    case .fast: 1
    case .small: 6
    }
  }
}

extension Image {
  /// JPEG quality unless another is asked for.
  public static let standardQuality = 90

  /// The picture as a PNG file, 8-bit RGB.
  public func encodedPNG(effort: PNGEffort = .fast) throws(ImageError) -> [UInt8] {
    try EncodedImage.png(pixels, width: width, height: height, channels: 3, effort: effort)
  }

  /// The picture as a baseline JPEG file with halved chroma, as Pillow writes it. `quality` is 1 to 100.
  /// - Throws: `ImageError.notEncodable` if a side is longer than JPEG can say (65,500).
  public func encodedJPEG(quality: Int = standardQuality) throws(ImageError) -> [UInt8] {
    try EncodedImage.jpeg(pixels, width: width, height: height, channels: 3, quality: quality)
  }

  /// Writes the file whole or not at all; the format is that of the extension: .png, .jpg or .jpeg.
  /// - Throws: `ImageError.unknownExtension`, `ImageError.notEncodable`, or `FileError.unwritable`.
  public func write(to path: String, quality: Int = standardQuality) throws {
    let name = path.lowercased()
    if name.hasSuffix(".png") {
      try AtomicFile.write(encodedPNG(), to: path)
    } else if name.hasSuffix(".jpg") || name.hasSuffix(".jpeg") {
      try AtomicFile.write(encodedJPEG(quality: quality), to: path)
    } else {
      throw ImageError.unknownExtension(file: path)
    }
  }
}

/// The border to the encoders of the shim.
enum EncodedImage {
  static func png(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int32, effort: PNGEffort
  ) throws(ImageError) -> [UInt8] {
    try collect("PNG") { encoded, message in
      edviz_png_encode(pixels, size(width, height), channels, effort.level, &encoded, &message)
    }
  }

  static func jpeg(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int32, quality: Int
  ) throws(ImageError) -> [UInt8] {
    precondition((1...100).contains(quality), "quality is 1 to 100")
    return try collect("JPEG") { encoded, message in
      edviz_jpeg_encode(pixels, size(width, height), channels, Int32(quality), &encoded, &message)
    }
  }

  private static func size(_ width: Int, _ height: Int) -> edviz_size {
    edviz_size(width: UInt32(clamping: width), height: UInt32(clamping: height))
  }

  private static func collect(
    _ format: String, _ encode: (inout edviz_bytes, inout edviz_message) -> Int32
  ) throws(ImageError) -> [UInt8] {
    var encoded = edviz_bytes()
    var message = edviz_message()
    let status = encode(&encoded, &message)
    defer { edviz_bytes_free(&encoded) }
    guard status == Int32(EDVIZ_IMAGE_OK) else {
      throw .notEncodable(format: format, reason: message.string)
    }
    return Array(UnsafeBufferPointer(start: encoded.start, count: encoded.count))
  }
}
