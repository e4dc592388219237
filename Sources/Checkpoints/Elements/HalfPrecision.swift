/// Bit patterns of 16-bit floats from and to those of IEEE 754 binary32.
///
/// Integer arithmetic and selections only, because these loops then vectorise on every processor, where
/// `Float16` calls a library function for each element unless the target has F16C.
enum HalfPrecision {
  /// The binary32 pattern of a binary16 pattern; exact, and a NaN keeps its payload.
  @inline(__always)
  static func float32(f16 half: UInt16) -> UInt32 {
    let sign = UInt32(half & 0x8000) << 16
    let magnitude = UInt32(half & 0x7fff) << 13
    let normal = magnitude &+ (112 << 23)
    let special = magnitude | 0x7f80_0000
    // A subnormal's bits, put behind an exponent of 2⁻¹⁴, are off by exactly that power.
    let offset = Float(bitPattern: magnitude &+ (113 << 23)) - Float(bitPattern: 113 << 23)
    let finite = magnitude < 0x0080_0000 ? offset.bitPattern : normal
    return sign | (magnitude >= 0x0f80_0000 ? special : finite)
  }

  /// The binary16 pattern nearest to a binary32 pattern, ties to even; a NaN keeps the payload bits that fit.
  @inline(__always)
  static func float16(f32 pattern: UInt32) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: pattern >> 16) & 0x8000
    let magnitude = pattern & 0x7fff_ffff
    // Adding just under half a unit, plus the last kept bit, carries exactly when the tie rule rounds up.
    let rounded = (magnitude &- (112 << 23) &+ 0xfff &+ ((magnitude >> 13) & 1)) >> 13
    // Below 2⁻¹⁴ an addition of one half lets the processor's own rounding drop the right bits.
    let small = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3f00_0000
    let payload = (magnitude >> 13) & 0x3ff
    let notANumber = 0x7c00 | (payload == 0 ? 0x200 : payload)
    let finite = magnitude < 0x3880_0000 ? small : rounded
    let large = magnitude > 0x7f80_0000 ? notANumber : 0x7c00
    return sign | UInt16(truncatingIfNeeded: magnitude >= 0x4780_0000 ? large : finite)
  }

  /// The bfloat16 pattern nearest to a binary32 pattern, ties to even; a NaN keeps the payload bits that fit.
  @inline(__always)
  static func bfloat16(f32 pattern: UInt32) -> UInt16 {
    let kept = pattern >> 16
    let rounded = (pattern &+ 0x7fff &+ (kept & 1)) >> 16
    let notANumber = kept & 0x7f == 0 ? kept | 0x40 : kept
    let isNaN = pattern & 0x7fff_ffff > 0x7f80_0000
    return UInt16(truncatingIfNeeded: isNaN ? notANumber : rounded)
  }

  /// Rounds floats to binary16 patterns.
  static func encodeF16(
    _ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<UInt16>
  ) {
    for index in 0..<count { target[index] = float16(f32: source[index].bitPattern) }
  }

  /// Rounds floats to bfloat16 patterns.
  static func encodeBF16(
    _ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<UInt16>
  ) {
    for index in 0..<count { target[index] = bfloat16(f32: source[index].bitPattern) }
  }
}
