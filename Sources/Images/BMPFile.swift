/// A Windows bitmap: 1 to 32 bits a pixel, plain or run-length encoded, from the top or from the bottom. Pixels of 15 and 16
/// bits are brought to 8 a colour as Pillow does, by ⌊v · 255 / most⌋.
struct BMPFile: PictureFile {
  let width: Int
  let height: Int
  let orientation = Orientation.upright
  private let bytes: UnsafeRawBufferPointer
  private let bits: Int
  private let isRunLength: Bool
  private let isTopDown: Bool
  /// Where pixels begin.
  private let start: Int
  /// Red, green and blue of each number; empty where pixels are colours.
  private let palette: [(red: UInt8, green: UInt8, blue: UInt8)]
  /// Which bits are red, green, blue and opacity; of none where pixels are numbers.
  private let fields: [BitField]

  /// The bits of one colour in a pixel.
  private struct BitField {
    let shift: Int
    let most: UInt32

    init?(mask: Int) {
      let mask = UInt32(truncatingIfNeeded: mask)
      shift = mask == 0 ? 0 : mask.trailingZeroBitCount
      most = mask >> UInt32(shift)
      // One run of bits.
      guard most & (most &+ 1) == 0 else { return nil }
    }

    func level(_ pixel: UInt32) -> UInt8 {
      most == 0 ? 0 : UInt8(UInt64(pixel >> UInt32(shift) & most) * 255 / UInt64(most))
    }
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(PictureFault) {
    func word(_ offset: Int, _ length: Int = 4) throws(PictureFault) -> Int {
      guard let value = bytes.integer(at: offset, bytes: length, bigEndian: false) else {
        throw .damaged("the file ends early")
      }
      return value
    }
    self.bytes = bytes
    start = try word(10)
    let header = try word(14)
    let isOld = header == 12
    guard isOld || (40...256).contains(header) else { throw .variant("a header of \(header) bytes") }
    width = isOld ? try word(18, 2) : try word(18)
    let signedHeight = isOld ? try word(20, 2) : Int(Int32(truncatingIfNeeded: try word(22)))
    height = abs(signedHeight)
    isTopDown = signedHeight < 0
    guard width > 0, height > 0 else { throw .damaged("the header gives a side of no pixels") }
    bits = try word(isOld ? 24 : 28, 2)
    let compression = isOld ? 0 : try word(30)
    guard [1, 2, 4, 8, 16, 24, 32].contains(bits) else { throw .variant("\(bits) bits a pixel") }
    isRunLength = compression == 1 || compression == 2
    switch compression {
    case 0: break
    case 1 where bits == 8, 2 where bits == 4: break
    case 3 where bits == 16 || bits == 32, 6 where bits == 16 || bits == 32: break
    default: throw .variant("compression \(compression) of \(bits) bits a pixel")
    }
    guard bits <= 8 else {
      let masks: [Int]
      if compression == 3 || compression == 6 {
        // They stand behind a header of 40 bytes, and inside a longer one.
        let hasAlpha = compression == 6 || header >= 56
        masks = [try word(54), try word(58), try word(62), hasAlpha ? try word(66) : 0]
      } else {
        masks = bits == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
      }
      fields = masks.compactMap { BitField(mask: $0) }
      guard fields.count == 4 else { throw .variant("colours whose bits do not lie together") }
      palette = []
      return
    }
    fields = []
    let used = isOld ? 0 : try word(46)
    let step = isOld ? 3 : 4
    let first = 14 + header
    // The pixels may begin before all colours that there could be.
    let room = max(0, (min(start, bytes.count) - first) / step)
    let count = min(used > 0 ? min(used, 1 << bits) : 1 << bits, room)
    palette = (0..<count).map { index in
      let at = first + index * step
      return (bytes[at + 2], bytes[at + 1], bytes[at])
    }
    guard !palette.isEmpty else { throw .damaged("its palette is missing") }
  }

  func write(channels: Int, to target: UnsafeMutableBufferPointer<UInt8>) throws(PictureFault) -> String? {
    func set(_ pixel: Int, _ red: UInt8, _ green: UInt8, _ blue: UInt8, _ alpha: UInt8) {
      let at = pixel * channels
      if channels == 4 {
        (target[at], target[at + 1], target[at + 2], target[at + 3]) = (red, green, blue, alpha)
      } else {
        (target[at], target[at + 1], target[at + 2]) =
          (red.overWhite(alpha), green.overWhite(alpha), blue.overWhite(alpha))
      }
    }
    if bits <= 8 {
      return try forEachNumber { pixel, number in
        let color = number < palette.count ? palette[number] : (red: 0, green: 0, blue: 0)
        set(pixel, color.red, color.green, color.blue, 255)
      }
    }
    let step = bits / 8
    try forEachRow(of: width * step) { row, at in
      for x in 0..<width {
        let from = at + x * step
        var pixel: UInt32 = 0
        for byte in 0..<step { pixel |= UInt32(bytes[from + byte]) << UInt32(8 * byte) }
        let alpha = fields[3].most == 0 ? 255 : fields[3].level(pixel)
        set(
          row * width + x, fields[0].level(pixel), fields[1].level(pixel), fields[2].level(pixel), alpha)
      }
    }
    return nil
  }

  func write(levelsTo target: UnsafeMutableBufferPointer<UInt16>) throws(PictureFault) -> StoredLevels.Kind? {
    guard bits <= 8 else { return nil }
    _ = try forEachNumber { pixel, number in target[pixel] = UInt16(number) }
    return .index
  }

  /// Gives each line of the picture and where its bytes begin; lines take whole words.
  private func forEachRow(of length: Int, _ body: (_ row: Int, _ start: Int) -> Void) throws(PictureFault) {
    let stride = (length + 3) / 4 * 4
    // The last line of some files lacks the bytes that fill its word.
    guard start >= 14, stride * (height - 1) + length <= bytes.count - start else {
      throw .damaged("the file ends early")
    }
    for line in 0..<height { body(isTopDown ? line : height - 1 - line, start + line * stride) }
  }

  /// Gives the number of each pixel, a position in the palette.
  private func forEachNumber(_ body: (_ pixel: Int, _ number: Int) -> Void) throws(PictureFault) -> String? {
    if isRunLength { return try forEachRun(body) }
    let mask = (1 << bits) - 1
    try forEachRow(of: (width * bits + 7) / 8) { row, at in
      for x in 0..<width {
        let bit = x * bits
        body(row * width + x, Int(bytes[at + bit >> 3]) >> (8 - bits - bit & 7) & mask)
      }
    }
    return nil
  }

  /// Runs of one number (of two in turn with 4 bits), pixels as they are, and jumps, behind which the first colour shows.
  private func forEachRun(_ body: (_ pixel: Int, _ number: Int) -> Void) throws(PictureFault) -> String? {
    for pixel in 0..<width * height { body(pixel, 0) }
    var (x, line, at) = (0, 0, start)
    func put(_ number: Int) {
      if x < width, line < height {
        body((isTopDown ? line : height - 1 - line) * width + x, number)
      }
      x += 1
    }
    while line < height {
      guard at >= 14, at + 1 < bytes.count else { throw .damaged("the file ends early") }
      let (count, value) = (Int(bytes[at]), Int(bytes[at + 1]))
      at += 2
      if count > 0 {
        for index in 0..<count { put(bits == 8 ? value : index % 2 == 0 ? value >> 4 : value & 15) }
        continue
      }
      switch value {
      case 0: (x, line) = (0, line + 1)
      case 1: return nil
      case 2:
        guard at + 1 < bytes.count else { throw .damaged("the file ends early") }
        (x, line) = (x + Int(bytes[at]), line + Int(bytes[at + 1]))
        at += 2
      default:
        let length = bits == 8 ? value : (value + 1) / 2
        guard at + length <= bytes.count else { throw .damaged("the file ends early") }
        for index in 0..<value {
          let byte = Int(bytes[at + (bits == 8 ? index : index / 2)])
          put(bits == 8 ? byte : index % 2 == 0 ? byte >> 4 : byte & 15)
        }
        at += (length + 1) / 2 * 2
      }
    }
    return nil
  }
}

extension UInt8 {
  /// This level over white at an opacity, rounded to nearest.
  func overWhite(_ alpha: UInt8) -> UInt8 {
    if alpha == 255 { return self }
    let sum = Int(self) * Int(alpha) + 255 * (255 - Int(alpha)) + 128
    return UInt8((sum + sum >> 8) >> 8)
  }
}
