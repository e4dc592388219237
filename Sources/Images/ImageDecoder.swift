import CImageFormats
import Files

/// A picture, and what was wrong with its file although it could be read.
public struct DecodedImage: Hashable, Sendable {
  /// The upright picture.
  public let image: Image
  /// The first complaint of the decoder, such as data that ends early (the rest of the picture is then grey).
  public let warning: String?

  /// Whether the file ends early, so that the rest of the picture is grey.
  public var isIncomplete: Bool {
    // libjpeg's own words, which it has had since 1991.
    warning?.hasPrefix("Premature end") ?? false
  }

  /// The picture, for those whose numbers must not be those of half a picture. Pillow refuses these too; other
  /// complaints of the decoder leave a picture as it was meant.
  /// - Throws: `ImageError.incomplete`.
  public func whole(file: String) throws(ImageError) -> Image {
    guard !isIncomplete else { throw .incomplete(file: file) }
    return image
  }
}

/// Reads JPEG and PNG. The pixels are Pillow's `convert("RGB")` after `ImageOps.exif_transpose`, except that
/// transparency is composited over white and that of 16 bits the high byte is kept in grey files too (OpenCV's
/// rule, and Pillow's for colour). Gamma and colour profiles are ignored.
public struct ImageDecoder: Hashable, Sendable {
  /// What a file may ask for.
  public var limits: ImageLimits
  /// If set, a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size as long as its short side stays at least
  /// this long: several times faster for photographs that are made small anyway. Nil decodes every pixel.
  public var sufficientShortSide: Int?

  /// A decoder of whole pictures within `limits`.
  public init(limits: ImageLimits = .standard, sufficientShortSide: Int? = nil) {
    self.limits = limits
    self.sufficientShortSide = sufficientShortSide
  }

  /// Reads the file at `path`.
  /// - Throws: `FileError` if the file cannot be read, `ImageError` if it holds no picture that can be
  /// decoded.
  public func decode(contentsOf path: String) throws -> DecodedImage {
    try decode(try FileBytes.read(path), file: path)
  }

  /// Decodes the bytes of a file that errors call `file`.
  public func decode(_ bytes: [UInt8], file: String) throws(ImageError) -> DecodedImage {
    try bytes.withUnsafeBufferPointer { buffer throws(ImageError) in
      try decode(UnsafeRawBufferPointer(buffer), file: file)
    }
  }

  /// Decodes the bytes of a file that errors call `file`.
  public func decode(_ bytes: UnsafeRawBufferPointer, file: String) throws(ImageError) -> DecodedImage {
    guard !bytes.isEmpty else { throw .empty(file: file) }
    switch ImageFormat(firstBytes: bytes) {
    case .jpeg: return try decodeJPEG(bytes, file: file)
    case .png: return try decodePNG(bytes, file: file)
    case .other(let name): throw .unreadFormat(file: file, format: name)
    case nil: throw .unknownFormat(file: file)
    }
  }

  /// The size that a file's header announces, before the picture is turned upright; nothing is decoded.
  public func announcedSize(
    of bytes: UnsafeRawBufferPointer, file: String
  ) throws(ImageError) -> (width: Int, height: Int) {
    let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    var message = edviz_message()
    var size = edviz_size()
    let status: Int
    let format: ImageFormat
    switch ImageFormat(firstBytes: bytes) {
    case .jpeg:
      var reduced = edviz_size()
      format = .jpeg
      status = Int(edviz_jpeg_size(start, bytes.count, 1, &size, &reduced, &message))
    case .png:
      format = .png
      status = Int(edviz_png_size(start, bytes.count, &size, &message))
    case .other(let name): throw .unreadFormat(file: file, format: name)
    case nil: throw bytes.isEmpty ? .empty(file: file) : .unknownFormat(file: file)
    }
    try check(status, size: size, message, format: format, file: file)
    return (Int(size.width), Int(size.height))
  }

  private func decodeJPEG(_ bytes: UnsafeRawBufferPointer, file: String) throws(ImageError) -> DecodedImage {
    let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    var message = edviz_message()
    var full = edviz_size()
    var reduced = edviz_size()
    var status = Int(edviz_jpeg_size(start, bytes.count, 1, &full, &reduced, &message))
    try check(status, size: full, message, format: .jpeg, file: file)
    let reduction = reduction(for: full)
    if reduction > 1 {
      status = Int(edviz_jpeg_size(start, bytes.count, reduction, &full, &reduced, &message))
      try check(status, size: full, message, format: .jpeg, file: file)
    }
    let scans = Int32(clamping: limits.maximumScans)
    let pixels = Self.samples(of: reduced, channels: 3) { target, count in
      status = Int(edviz_jpeg_decode(start, bytes.count, reduction, scans, target, count, &message))
      return status == EDVIZ_IMAGE_OK
    }
    try check(status, size: full, message, format: .jpeg, file: file)
    let image = Image(width: Int(reduced.width), height: Int(reduced.height), pixels: pixels)
    return DecodedImage(
      image: image.turned(upright: Orientation(jpeg: bytes)), warning: message.isEmpty ? nil : message.string)
  }

  private func decodePNG(_ bytes: UnsafeRawBufferPointer, file: String) throws(ImageError) -> DecodedImage {
    let (size, pixels, warning) = try rows(ofPNG: bytes, channels: 3, file: file)
    let image = Image(width: size.width, height: size.height, pixels: pixels)
    return DecodedImage(image: image.turned(upright: Orientation(png: bytes)), warning: warning)
  }

  /// The rows of a PNG as they lie in the file, with 3 channels over white, with 4 with their opacity.
  func rows(
    ofPNG bytes: UnsafeRawBufferPointer, channels: Int, file: String
  ) throws(ImageError) -> (size: (width: Int, height: Int), samples: [UInt8], warning: String?) {
    let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    var message = edviz_message()
    var size = edviz_size()
    var status = Int(edviz_png_size(start, bytes.count, &size, &message))
    try check(status, size: size, message, format: .png, file: file)
    let samples = Self.samples(of: size, channels: channels) { target, count in
      status = Int(edviz_png_decode(start, bytes.count, Int32(channels), target, count, &message))
      return status == EDVIZ_IMAGE_OK
    }
    try check(status, size: size, message, format: .png, file: file)
    return ((Int(size.width), Int(size.height)), samples, message.isEmpty ? nil : message.string)
  }

  /// The divisor of both sides at which the short side is still sufficient.
  private func reduction(for size: edviz_size) -> Int32 {
    guard let sufficient = sufficientShortSide else { return 1 }
    let short = Int(min(size.width, size.height))
    return [8, 4, 2].first { short / Int($0) >= sufficient } ?? 1
  }

  /// Bytes for a picture, filled by `decode`, which says whether it succeeded; empty if not.
  private static func samples(
    of size: edviz_size, channels: Int, decode: (UnsafeMutablePointer<UInt8>?, Int) -> Bool
  ) -> [UInt8] {
    let count = Int(size.width) * Int(size.height) * channels
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = decode(buffer.baseAddress, count) ? count : 0
    }
  }

  /// The one border where the shim's status becomes a Swift error, and where the size is judged.
  private func check(
    _ status: Int, size: edviz_size, _ message: edviz_message, format: ImageFormat, file: String
  ) throws(ImageError) {
    let maximum = min(limits.maximumPixels, ImageLimits.ceiling)
    let tooLarge = ImageError.tooLarge(
      file: file, width: Int(size.width), height: Int(size.height), maximumPixels: maximum)
    switch status {
    case Int(EDVIZ_IMAGE_OK):
      guard Int(size.width) * Int(size.height) <= maximum else { throw tooLarge }
      // Swift ends the process where an array's memory cannot be had.
      guard Int(size.width) * Int(size.height) * 3 <= PhysicalMemory.usable else {
        throw .outOfMemory(file: file)
      }
    case Int(EDVIZ_IMAGE_TOO_LARGE):
      throw tooLarge
    case Int(EDVIZ_IMAGE_UNSUPPORTED):
      throw .unreadVariant(file: file, format: format.name, variant: message.string)
    case Int(EDVIZ_IMAGE_NO_MEMORY):
      throw .outOfMemory(file: file)
    default:
      throw .damaged(file: file, format: format.name, reason: message.string)
    }
  }
}

extension edviz_message {
  var isEmpty: Bool { text.0 == 0 }

  var string: String {
    withUnsafeBytes(of: text) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
