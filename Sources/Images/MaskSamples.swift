/// What a mask file holds, upright: colours with their opacity, and the numbers that are stored, if any are.
struct MaskSamples {
  let width: Int
  let height: Int
  /// 4 bytes a pixel.
  let rgba: [UInt8]
  /// What `levels` are; nil where pixels are colours that are not grey.
  let kind: StoredLevels.Kind?
  /// A number for each pixel; empty if `kind` is nil.
  let levels: [UInt16]

  var count: Int { width * height }

  /// Red, green and blue of a pixel in one number.
  func rgb(_ pixel: Int) -> UInt32 {
    UInt32(rgba[pixel * 4]) << 16 | UInt32(rgba[pixel * 4 + 1]) << 8 | UInt32(rgba[pixel * 4 + 2])
  }

  func alpha(_ pixel: Int) -> UInt8 { rgba[pixel * 4 + 3] }

  /// Red, green and blue together.
  func sum(_ pixel: Int) -> Int {
    Int(rgba[pixel * 4]) + Int(rgba[pixel * 4 + 1]) + Int(rgba[pixel * 4 + 2])
  }

  /// Whether the mean of the colours is above half.
  func isBright(_ pixel: Int) -> Bool { sum(pixel) * 2 > 255 * 3 }

  /// The colour that each level has in the picture, in the order of levels.
  func colorsByLevel() -> [(level: UInt16, rgb: UInt32)] {
    var first = [Int32](repeating: -1, count: 65_536)
    for pixel in 0..<count where first[Int(levels[pixel])] < 0 { first[Int(levels[pixel])] = Int32(pixel) }
    return first.enumerated().filter { $0.element >= 0 }.map { (UInt16($0.offset), rgb(Int($0.element))) }
  }

  /// The different colours, in order; nil if there are more than `most`.
  func distinctColors(most: Int) -> [UInt32]? {
    var found: Set<UInt32> = []
    var last: UInt32?
    for pixel in 0..<count {
      let color = rgb(pixel)
      guard color != last else { continue }
      last = color
      if found.insert(color).inserted, found.count > most { return nil }
    }
    return found.sorted()
  }

  /// The pixels that a rule picks.
  func mask(_ isInside: (Int) -> Bool) -> Mask {
    Mask(width: width, height: height, values: (0..<count).map(isInside))
  }

  /// The pixels of one of these values; a level of a picture of colours is a grey.
  func mask(of values: [MaskReading.Value]) -> Mask {
    var wantedLevels: Set<Int> = []
    var wantedColors: Set<UInt32> = []
    for value in values {
      switch value {
      case .level(let level):
        wantedLevels.insert(level)
        if level < 256 { wantedColors.insert(UInt32(level) * 0x01_0101) }
      case .color(let color):
        wantedColors.insert(UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue))
      }
    }
    let onlyColors = wantedLevels.isEmpty
    return mask { pixel in
      kind == nil || onlyColors
        ? wantedColors.contains(rgb(pixel)) : wantedLevels.contains(Int(levels[pixel]))
    }
  }
}

extension MaskSamples {
  fileprivate static func isGrey(_ rgba: [UInt8]) -> Bool {
    stride(from: 0, to: rgba.count, by: 4).allSatisfy { at in
      let red = rgba[at]
      return red == rgba[at + 1] && red == rgba[at + 2]
    }
  }
}

extension ImageDecoder {
  /// Reads all that a mask file holds.
  func maskSamples(_ bytes: UnsafeRawBufferPointer, file: String) throws(ImageError) -> MaskSamples {
    var whole = self
    whole.sufficientShortSide = nil
    let opened = try whole.open(bytes, file: file)
    let picture = opened.picture
    let count = picture.width * picture.height
    let (rgba, warning) = try opened.naming { () throws(PictureFault) in
      try Self.samples(of: picture, channels: 4)
    }
    if DecodedImage.isIncomplete(warning) { throw .incomplete(file: file) }
    var levels = [UInt16](repeating: 0, count: count)
    var kind = try opened.naming { () throws(PictureFault) in
      try levels.withUnsafeMutableBufferPointer { buffer throws(PictureFault) in
        try picture.write(levelsTo: buffer)
      }
    }
    // Grey that is stored as colours is grey.
    if kind == nil, MaskSamples.isGrey(rgba) {
      kind = .grey
      for pixel in 0..<count { levels[pixel] = UInt16(rgba[pixel * 4]) }
    }
    let orientation = picture.orientation
    var upright: [UInt8] = rgba
    if orientation != .upright {
      let order = orientation.upright(Array(0..<count), width: picture.width, height: picture.height)
      upright = order.flatMap { rgba[$0 * 4..<$0 * 4 + 4] }
      levels = order.map { levels[$0] }
    }
    let (width, height) =
      orientation.swapsSides ? (picture.height, picture.width) : (picture.width, picture.height)
    return MaskSamples(
      width: width, height: height, rgba: upright, kind: kind, levels: kind == nil ? [] : levels)
  }
}
