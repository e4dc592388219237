import Images

// Colour in 8 bits, equal to Pillow's ImageEnhance and to torchvision's functions for PIL pictures.

extension Image {
  /// Every level multiplied: 0 is black, 1 the picture itself.
  func brightened(by factor: Float) -> Image {
    let table = Self.blends(from: 0, by: factor)
    return mapped { rgb in for channel in 0..<3 { rgb[channel] = table[Int(rgb[channel])] } }
  }

  /// Every level's distance from the mean grey level multiplied.
  func contrasted(by factor: Float) -> Image {
    let sum = pixels.withUnsafeBufferPointer { pixels in
      stride(from: 0, to: pixels.count, by: 3).reduce(0) {
        $0 + Int(Self.grey(pixels[$1], pixels[$1 + 1], pixels[$1 + 2]))
      }
    }
    let table = Self.blends(from: UInt8(Double(sum) / Double(width * height) + 0.5), by: factor)
    return mapped { rgb in for channel in 0..<3 { rgb[channel] = table[Int(rgb[channel])] } }
  }

  /// Every level's distance from its pixel's grey multiplied: 0 is a grey picture.
  func saturated(by factor: Float) -> Image {
    mapped { rgb in
      let grey = Self.grey(rgb[0], rgb[1], rgb[2])
      for channel in 0..<3 { rgb[channel] = Self.blend(grey, rgb[channel], factor) }
    }
  }

  /// Every hue turned by a part of the circle, from -0.5 to 0.5, in Pillow's HSV with 8 bits.
  func hueTurned(by turn: Double) -> Image {
    let steps = UInt8(truncatingIfNeeded: Int(turn * 255))
    return mapped { rgb in
      let (hue, saturation, value) = Self.hsv(rgb[0], rgb[1], rgb[2])
      let turned = Self.rgb(hue &+ steps, saturation, value)
      rgb[0] = turned.red
      rgb[1] = turned.green
      rgb[2] = turned.blue
    }
  }

  private func mapped(_ change: (UnsafeMutablePointer<UInt8>) -> Void) -> Image {
    let result = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      _ = target.initialize(fromContentsOf: pixels)
      if let start = target.baseAddress {
        for pixel in stride(from: 0, to: pixels.count, by: 3) { change(start + pixel) }
      }
      filled = pixels.count
    }
    return Image(width: width, height: height, pixels: result)
  }

  /// ITU-R 601 luma as Pillow's `convert("L")`.
  private static func grey(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let sum = UInt32(red) * 19595 + UInt32(green) * 38470 + UInt32(blue) * 7471
    return UInt8((sum + 0x8000) >> 16)
  }

  /// From one level towards, or past, another; cut off, not rounded.
  private static func blend(_ from: UInt8, _ to: UInt8, _ factor: Float) -> UInt8 {
    let value = Float(from) + factor * Float(Int(to) - Int(from))
    return value <= 0 ? 0 : value >= 255 ? 255 : UInt8(value)
  }

  private static func blends(from level: UInt8, by factor: Float) -> [UInt8] {
    (0...255).map { blend(level, $0, factor) }
  }

  /// Pillow's `rgb2hsv_row` (Convert.c).
  private static func hsv(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> (UInt8, UInt8, UInt8) {
    let (high, low) = (max(r, g, b), min(r, g, b))
    guard high != low else { return (0, 0, high) }
    let spread = Float(high - low)
    let saturation = spread / Float(high)
    let (rc, gc, bc) = (Float(high - r) / spread, Float(high - g) / spread, Float(high - b) / spread)
    let sixths: Float
    if r == high {
      sixths = bc - gc
    } else if g == high {
      sixths = Float(2 + Double(rc) - Double(bc))
    } else {
      sixths = Float(4 + Double(gc) - Double(rc))
    }
    // From 5/6 to 11/6, of which the fraction counts.
    let turns = Double(sixths) / 6 + 1
    let hue = Float(turns < 1 ? turns : turns - 1)
    return (UInt8(clamping: Int(Double(hue) * 255)), UInt8(clamping: Int(Double(saturation) * 255)), high)
  }

  /// Pillow's `hsv2rgb` (Convert.c).
  private static func rgb(_ h: UInt8, _ s: UInt8, _ v: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
    guard s != 0 else { return (v, v, v) }
    let position = Double(h) * 6 / 255
    let sector = Int(position)
    let f = Double(Float(position - Double(sector)))
    let fs = Double(Float(Double(s) / 255))
    func level(_ share: Double) -> UInt8 {
      UInt8(clamping: Int(Double(v) * share + 0.5))
    }
    let (p, q, t) = (level(1 - fs), level(1 - fs * f), level(1 - fs * (1 - f)))
    switch sector % 6 {
    case 0: return (v, t, p)
    case 1: return (q, v, p)
    case 2: return (p, v, t)
    case 3: return (p, q, v)
    case 4: return (t, p, v)
    default: return (v, p, q)
    }
  }
}
