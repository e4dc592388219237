// The one number that is wanted of a camera's notes. Anything that does not hold together reads as upright:
// a damaged note is no reason to refuse a sound picture.

extension Orientation {
  /// The orientation that a JPEG file's first EXIF segment gives; upright if it gives none.
  init(jpeg bytes: UnsafeRawBufferPointer) {
    self = .upright
    var position = 2
    while let marker = Self.nextMarker(bytes, &position) {
      // Parameters follow the marker, unless it stands alone; compressed data follows the start of a scan.
      if marker == 0xDA || marker == 0xD9 { return }
      if marker == 0x01 || (0xD0...0xD7).contains(marker) { continue }
      guard let length = bytes.integer(at: position, bytes: 2, bigEndian: true), length >= 2 else { return }
      let end = position + length
      guard end <= bytes.count else { return }
      let body = bytes[position + 2..<end]
      if marker == 0xE1, body.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
        self = Orientation(tiff: UnsafeRawBufferPointer(rebasing: body.dropFirst(6))) ?? .upright
        return
      }
      position = end
    }
  }

  /// The orientation that a PNG file's eXIf chunk gives; upright if it gives none.
  init(png bytes: UnsafeRawBufferPointer) {
    self = .upright
    var position = 8
    while let length = bytes.integer(at: position, bytes: 4, bigEndian: true),
      let type = bytes.integer(at: position + 4, bytes: 4, bigEndian: true)
    {
      let body = position + 8
      guard length <= bytes.count - body else { return }
      if type == 0x6558_4966 {
        self = Orientation(tiff: UnsafeRawBufferPointer(rebasing: bytes[body..<body + length])) ?? .upright
        return
      }
      position = body + length + 4
    }
  }

  /// The orientation that a WebP file's EXIF chunk gives; upright if it gives none.
  init(webp bytes: UnsafeRawBufferPointer) {
    self = .upright
    var position = 12
    while let type = bytes.integer(at: position, bytes: 4, bigEndian: true),
      let length = bytes.integer(at: position + 4, bytes: 4, bigEndian: false)
    {
      let body = position + 8
      guard length <= bytes.count - body else { return }
      if type == 0x4558_4946 {
        let notes = bytes[body..<body + length]
        // Some writers leave the words before it that a JPEG file has.
        let skipped = notes.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) ? 6 : 0
        self = Orientation(tiff: UnsafeRawBufferPointer(rebasing: notes.dropFirst(skipped))) ?? .upright
        return
      }
      position = body + length + length & 1
    }
  }

  /// Tag 0x0112 in the first directory of a TIFF structure, which is what EXIF data is.
  init?(tiff bytes: UnsafeRawBufferPointer) {
    let bigEndian: Bool
    switch bytes.integer(at: 0, bytes: 4, bigEndian: true) {
    case 0x4949_2A00: bigEndian = false
    case 0x4D4D_002A: bigEndian = true
    default: return nil
    }
    guard let directory = bytes.integer(at: 4, bytes: 4, bigEndian: bigEndian),
      let count = bytes.integer(at: directory, bytes: 2, bigEndian: bigEndian)
    else { return nil }
    for entry in 0..<count {
      let start = directory + 2 + entry * 12
      guard let tag = bytes.integer(at: start, bytes: 2, bigEndian: bigEndian) else { return nil }
      guard tag == 0x0112 else { continue }
      // Type 3 is a 16-bit number, type 4 a 32-bit one, which some writers use.
      let type = bytes.integer(at: start + 2, bytes: 2, bigEndian: bigEndian)
      guard type == 3 || type == 4 else { return nil }
      guard let value = bytes.integer(at: start + 8, bytes: type == 3 ? 2 : 4, bigEndian: bigEndian) else {
        return nil
      }
      self.init(rawValue: value)
      return
    }
    return nil
  }

  /// Moves `position` behind the next marker and gives its second byte; nil where no marker stands.
  private static func nextMarker(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> UInt8? {
    guard position < bytes.count, bytes[position] == 0xFF else { return nil }
    while position < bytes.count, bytes[position] == 0xFF { position += 1 }
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }
}

extension UnsafeRawBufferPointer {
  /// An unsigned integer of 1 to 4 bytes; nil if it does not lie inside.
  func integer(at offset: Int, bytes length: Int, bigEndian: Bool) -> Int? {
    guard offset >= 0, offset <= count - length else { return nil }
    var value = 0
    for index in 0..<length {
      value = value << 8 | Int(self[offset + (bigEndian ? index : length - 1 - index)])
    }
    return value
  }
}
