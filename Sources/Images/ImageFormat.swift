/// What the first bytes of a file say it is. Names do not count: photographs with the wrong extension are
/// common.
enum ImageFormat: Equatable {
  case jpeg
  case png
  case webp
  case tiff
  case gif
  case bmp
  /// PBM, PGM and PPM, whose numbers may be text.
  case pnm
  /// Recognised to be named in an error, not read.
  case other(name: String)

  /// The format's name in sentences.
  var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .tiff: "TIFF"
    case .gif: "GIF"
    case .bmp: "BMP"
    case .pnm: "PNM"
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
      self = .gif
    } else if has("RIFF") && has("WEBP", at: 8) {
      self = .webp
    } else if Self.tiffBeginnings.contains(where: { has($0) }) {
      self = .tiff
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
      self = .bmp
    } else if bytes.count >= 3, bytes[0] == UInt8(ascii: "P"),
      (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1]), " \t\r\n#".utf8.contains(bytes[2])
    {
      self = .pnm
    } else {
      return nil
    }
  }

  /// In both orders of bytes, with offsets of 32 and of 64 bits.
  private static let tiffBeginnings: [[UInt8]] = [
    [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A], [0x49, 0x49, 0x2B, 0x00], [0x4D, 0x4D, 0x00, 0x2B],
  ]

  /// The formats that are read, as sentences name them.
  static let readNames = "JPEG, PNG, WebP, TIFF, GIF, BMP and PNM"

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
