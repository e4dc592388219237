/// What the first bytes of a file say it is. Names do not count: photographs with the wrong extension are
/// common.
enum ImageFormat: Equatable {
  case jpeg
  case png
  /// Recognised to be named in an error, not read.
  case other(name: String)

  /// The format's name in sentences.
  var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .other(let name): name
    }
  }

  /// The format of a file that begins with `bytes`; nil if none is recognised.
  init?(firstBytes bytes: UnsafeRawBufferPointer) {
    func has(_ magic: [UInt8], at offset: Int = 0) -> Bool {
      bytes.count >= offset + magic.count && bytes[offset..<offset + magic.count].elementsEqual(magic)
    }
    func has(_ magic: String, at offset: Int = 0) -> Bool { has(Array(magic.utf8), at: offset) }

    if has([0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if has("GIF87a") || has("GIF89a") {
      self = .other(name: "GIF")
    } else if has("RIFF") && has("WEBP", at: 8) {
      self = .other(name: "WebP")
    } else if has([0x49, 0x49, 0x2A, 0x00]) || has([0x4D, 0x4D, 0x00, 0x2A]) {
      self = .other(name: "TIFF")
    } else if has("ftyp", at: 4), let name = Self.isoBrand(bytes) {
      self = .other(name: name)
    } else if has([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]) {
      self = .other(name: "JPEG 2000")
    } else if has([0xFF, 0x0A]) || has([0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20]) {
      self = .other(name: "JPEG XL")
    } else if has("8BPS") {
      self = .other(name: "Photoshop")
    } else if has("%PDF-") {
      self = .other(name: "PDF")
    } else if has("BM"), bytes.count >= 14, bytes[6..<10].allSatisfy({ $0 == 0 }) {
      // Two letters alone would take many a text for a BMP; its reserved bytes are zero.
      self = .other(name: "BMP")
    } else {
      return nil
    }
  }

  /// Still pictures in the ISO media container, by their major brand.
  private static func isoBrand(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard bytes.count >= 12 else { return nil }
    switch String(decoding: bytes[8..<12], as: UTF8.self) {
    case "avif", "avis": return "AVIF"
    case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": return "HEIC"
    default: return nil
    }
  }
}
