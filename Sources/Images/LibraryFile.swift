import CImageFormats

/// A file that a C library reads.
struct LibraryFile: PictureFile {
  /// The functions of one format in `CImageFormats`.
  struct Functions: Sendable {
    let size:
      @Sendable (
        UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<edviz_size>?, UnsafeMutablePointer<edviz_message>?
      )
        -> Int32
    let decode:
      @Sendable (
        UnsafePointer<UInt8>?, Int, Int32, UnsafeMutablePointer<UInt8>?, Int,
        UnsafeMutablePointer<edviz_message>?
      ) -> Int32
    var levels:
      (
        @Sendable (
          UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<UInt16>?, Int,
          UnsafeMutablePointer<edviz_message>?
        ) -> Int32
      )?
    var orientation: @Sendable (UnsafeRawBufferPointer) -> Orientation = { _ in .upright }
  }

  let width: Int
  let height: Int
  private let bytes: UnsafeRawBufferPointer
  private let functions: Functions

  static let png = Functions(
    size: edviz_png_size, decode: edviz_png_decode, levels: edviz_png_levels,
    orientation: { Orientation(png: $0) })
  static let webp = Functions(
    size: edviz_webp_size, decode: edviz_webp_decode, orientation: { Orientation(webp: $0) })
  static let gif = Functions(size: edviz_gif_size, decode: edviz_gif_decode, levels: edviz_gif_levels)
  static let tiff = Functions(
    size: edviz_tiff_size, decode: edviz_tiff_decode, levels: edviz_tiff_levels,
    orientation: { bytes in
      let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
      return Orientation(rawValue: Int(edviz_tiff_orientation(start, bytes.count))) ?? .upright
    })

  var orientation: Orientation { functions.orientation(bytes) }
  private var start: UnsafePointer<UInt8>? { bytes.assumingMemoryBound(to: UInt8.self).baseAddress }

  init(_ bytes: UnsafeRawBufferPointer) throws(PictureFault) { try self.init(bytes, Self.png) }

  init(_ bytes: UnsafeRawBufferPointer, _ functions: Functions) throws(PictureFault) {
    self.bytes = bytes
    self.functions = functions
    var (message, size) = (edviz_message(), edviz_size())
    let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    let status = functions.size(start, bytes.count, &size, &message)
    (width, height) = (Int(size.width), Int(size.height))
    try Self.check(status, message, size)
  }

  func write(channels: Int, to target: UnsafeMutableBufferPointer<UInt8>) throws(PictureFault) -> String? {
    var message = edviz_message()
    let status = functions.decode(
      start, bytes.count, Int32(channels), target.baseAddress, target.count, &message)
    try Self.check(status, message)
    return Self.text(message)
  }

  /// What a shim said; nil if it said nothing.
  static func text(_ message: edviz_message) -> String? { message.text.0 == 0 ? nil : message.string }

  func write(levelsTo target: UnsafeMutableBufferPointer<UInt16>) throws(PictureFault) -> StoredLevels.Kind? {
    guard let levels = functions.levels else { return nil }
    var (message, kind) = (edviz_message(), Int32(EDVIZ_LEVELS_NONE))
    try Self.check(
      levels(start, bytes.count, &kind, target.baseAddress, target.count, &message), message)
    switch Int(kind) {
    case Int(EDVIZ_LEVELS_GREY8): return .grey
    case Int(EDVIZ_LEVELS_GREY16): return .deepGrey
    case Int(EDVIZ_LEVELS_INDEX): return .index
    default: return nil
    }
  }

  /// The one border where a shim's status becomes a Swift error.
  static func check(
    _ status: Int32, _ message: edviz_message, _ size: edviz_size = edviz_size()
  ) throws(PictureFault) {
    switch Int(status) {
    case Int(EDVIZ_IMAGE_OK): return
    case Int(EDVIZ_IMAGE_TOO_LARGE): throw .tooLarge(width: Int(size.width), height: Int(size.height))
    case Int(EDVIZ_IMAGE_UNSUPPORTED): throw .variant(message.string)
    case Int(EDVIZ_IMAGE_NO_MEMORY): throw .outOfMemory
    default: throw .damaged(message.string)
    }
  }
}

extension edviz_message {
  var string: String {
    withUnsafeBytes(of: text) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
