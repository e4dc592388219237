import Glibc

/// Random numbers that depend on a seed and a place alone, the same on every machine: SplitMix64.
///
/// Whoever needs numbers for one thing (the crop of image 17 in epoch 3) makes a generator for that place, so that no
/// order of events changes them and nothing has to be saved to go on later.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator for a place: every other list of numbers gives other random numbers.
  public init(seed: UInt64, place: UInt64...) {
    state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
    for number in place { state = Self.mixed(state ^ Self.mixed(number &+ 0x9E37_79B9_7F4A_7C15)) }
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// Uniform in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Normal with mean 0 and standard deviation 1 (Box and Muller).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
