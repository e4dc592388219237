extension UInt8 {
  /// A value of 0...255 rounded to nearest, halves to even, as OpenCV rounds. Adding 1.5 · 2²³ leaves the
  /// rounded integer in the low bits of the float; unlike `rounded()` this needs no instruction beyond SSE2.
  @inline(__always)
  init(rounding value: Float) {
    self.init(truncatingIfNeeded: (value + 12_582_912).bitPattern)
  }
}
