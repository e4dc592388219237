import Testing

@testable import Checkpoints

/// Against the standard library's Float16, which is exact and slow.
@Suite struct HalfPrecisionTests {
  @Test func every16BitPatternRoundTrips() {
    var wrong: [UInt16] = []
    for pattern in UInt16.min ... .max {
      let wide = HalfPrecision.float32(f16: pattern)
      let expected = Float(Float16(bitPattern: pattern))
      let isRight = expected.isNaN ? Float(bitPattern: wide).isNaN : wide == expected.bitPattern
      let back = HalfPrecision.float16(f32: wide)
      let bfloat = HalfPrecision.bfloat16(f32: UInt32(pattern) << 16)
      if !isRight || back != pattern || bfloat != pattern { wrong.append(pattern) }
    }
    #expect(wrong.isEmpty)
  }

  /// Around every F16 value: the value, the midpoint to the next, and their neighbours among 32-bit floats.
  @Test func roundsToNearestEvenAroundEveryHalf() {
    var wrong: [UInt32] = []
    for pattern in UInt16(0)..<0x7c00 {
      let low = Float(Float16(bitPattern: pattern))
      let high = pattern == 0x7bff ? 65536 : Float(Float16(bitPattern: pattern + 1))
      let middle = (low + high) / 2
      for value in [low, low.nextUp, middle.nextDown, middle, middle.nextUp, -middle, -low.nextUp] {
        let found = HalfPrecision.float16(f32: value.bitPattern)
        if found != Float16(value).bitPattern { wrong.append(value.bitPattern) }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test func extremesAndNaNsOfFloat() {
    #expect(HalfPrecision.float16(f32: Float.greatestFiniteMagnitude.bitPattern) == 0x7c00)
    #expect(HalfPrecision.float16(f32: (-Float.infinity).bitPattern) == 0xfc00)
    #expect(HalfPrecision.float16(f32: Float.leastNonzeroMagnitude.bitPattern) == 0)
    #expect(HalfPrecision.float16(f32: 0x8000_0001) == 0x8000)
    // A payload in the lowest bit must not turn a NaN into infinity.
    #expect(HalfPrecision.float16(f32: 0x7f80_0001) == 0x7e00)
    #expect(HalfPrecision.bfloat16(f32: 0x7f80_0001) == 0x7fc0)
    #expect(HalfPrecision.bfloat16(f32: 0xffff_ffff) == 0xffff)
    #expect(HalfPrecision.bfloat16(f32: Float.greatestFiniteMagnitude.bitPattern) == 0x7f80)
  }

  /// Ties of bfloat16, which the standard library lacks: x8000 goes to the even neighbour.
  @Test(
    arguments: [
      (0x3f80_8000, 0x3f80), (0x3f81_8000, 0x3f82), (0x3f80_8001, 0x3f81), (0x3f81_7fff, 0x3f81),
      (0x8000_8000, 0x8000), (0x0001_8000, 0x0002), (0x7f7f_8000, 0x7f80),
    ] as [(UInt32, UInt16)])
  func bfloatTies(pattern: UInt32, expected: UInt16) {
    #expect(HalfPrecision.bfloat16(f32: pattern) == expected)
  }
}
