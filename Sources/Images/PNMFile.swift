/// A PBM, PGM or PPM file (`P1` to `P6`), its numbers as text or as bytes. A largest number other than 255 is brought to
/// 8 bits by v · 255 / most, rounded to nearest, halves to even; grey above 8 bits keeps the high byte of 16.
struct PNMFile: PictureFile {
  let width: Int
  let height: Int
  let orientation = Orientation.upright
  private let bytes: UnsafeRawBufferPointer
  /// Where numbers begin.
  private let start: Int
  private let most: Int
  private let isText: Bool
  private let isBitmap: Bool
  private let colors: Int

  init(_ bytes: UnsafeRawBufferPointer) throws(PictureFault) {
    self.bytes = bytes
    var reader = PNMWords(bytes, at: 2)
    let kind = bytes.count > 1 ? bytes[1] - UInt8(ascii: "0") : 0
    isText = kind <= 3
    isBitmap = kind == 1 || kind == 4
    colors = kind == 3 || kind == 6 ? 3 : 1
    guard let width = reader.number(), let height = reader.number() else {
      throw .damaged("its header gives no size")
    }
    guard width > 0, height > 0 else { throw .damaged("the header gives a side of no pixels") }
    guard let most = isBitmap ? 1 : reader.number(), (1...65_535).contains(most) else {
      throw .damaged("its header gives no largest number from 1 to 65535")
    }
    (self.width, self.height, self.most) = (width, height, most)
    // One white space, and no comment, comes before bytes.
    start = isText ? reader.position : reader.position + 1
  }

  func write(channels: Int, to target: UnsafeMutableBufferPointer<UInt8>) throws(PictureFault) -> String? {
    // As Pillow rounds: halves to even.
    let full: Double = colors == 1 && most > 255 ? 65_535 : 255
    let levels = (0...most).map { value in
      let level = Int((Double(value) / Double(most) * full).rounded(.toNearestOrEven))
      return UInt8(full > 255 ? level >> 8 : level)
    }
    var (pixel, color) = (0, 0)
    try forEachSample { value in
      let level = levels[value]
      if colors == 1 {
        for channel in 0..<3 { target[pixel * channels + channel] = level }
      } else {
        target[pixel * channels + color] = level
      }
      color += 1
      guard color == colors else { return }
      if channels == 4 { target[pixel * 4 + 3] = 255 }
      (pixel, color) = (pixel + 1, 0)
    }
    return nil
  }

  func write(levelsTo target: UnsafeMutableBufferPointer<UInt16>) throws(PictureFault) -> StoredLevels.Kind? {
    guard colors == 1 else { return nil }
    var pixel = 0
    // Numbers are those of the file, as a map of classes means them; only black and white have none.
    try forEachSample { value in
      target[pixel] = UInt16(isBitmap ? value * 255 : value)
      pixel += 1
    }
    return most > 255 ? .deepGrey : .grey
  }

  /// Gives each number, of a bitmap 1 for white, never above the largest.
  private func forEachSample(_ body: (Int) -> Void) throws(PictureFault) {
    let count = width * height * colors
    if isText { return try forEachWord(count, body) }
    if isBitmap {
      let stride = (width + 7) / 8
      guard stride * height <= bytes.count - start else { throw .damaged("the file ends early") }
      for row in 0..<height {
        for x in 0..<width { body(1 - Int(bytes[start + row * stride + x >> 3]) >> (7 - x & 7) & 1) }
      }
      return
    }
    let size = most > 255 ? 2 : 1
    guard count * size <= bytes.count - start else { throw .damaged("the file ends early") }
    for index in 0..<count {
      let value =
        size == 1
        ? Int(bytes[start + index])
        : Int(bytes[start + index * 2]) << 8 | Int(bytes[start + index * 2 + 1])
      body(min(value, most))
    }
  }

  private func forEachWord(_ count: Int, _ body: (Int) -> Void) throws(PictureFault) {
    var reader = PNMWords(bytes, at: start)
    for _ in 0..<count {
      guard let value = isBitmap ? reader.digit() : reader.number() else {
        throw .damaged(reader.isAtEnd ? "the file ends early" : "a number was expected among its pixels")
      }
      guard value <= most else { throw .damaged("a number among its pixels is above \(most)") }
      body(isBitmap ? 1 - value : value)
    }
  }
}

/// The numbers in the text of a PNM file, between white space and comments.
private struct PNMWords {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int

  init(_ bytes: UnsafeRawBufferPointer, at position: Int) {
    (self.bytes, self.position) = (bytes, position)
  }

  var isAtEnd: Bool { position >= bytes.count }

  private mutating func skip() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      } else if " \t\r\n\u{B}\u{C}".utf8.contains(bytes[position]) {
        position += 1
      } else {
        return
      }
    }
  }

  private var next: Int? {
    guard position < bytes.count, (48...57).contains(bytes[position]) else { return nil }
    return Int(bytes[position]) - 48
  }

  /// The next number; nil if none stands there, or one of more than nine digits.
  mutating func number() -> Int? {
    skip()
    guard var value = next else { return nil }
    position += 1
    var digits = 1
    while let digit = next {
      value = value * 10 + digit
      (position, digits) = (position + 1, digits + 1)
      guard digits < 10 else { return nil }
    }
    return value
  }

  /// The next digit, which may follow another directly.
  mutating func digit() -> Int? {
    skip()
    defer { position += 1 }
    return next
  }
}
