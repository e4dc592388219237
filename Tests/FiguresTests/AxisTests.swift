import Glibc
import Testing

@testable import Figures

@Suite struct AxisTests {
  /// Ticks are multiples of 1, 2 or 5 times a power of ten, inside the range, and neither one nor a crowd.
  @Test(arguments: [
    (0.0, 1.0), (0.013, 0.987), (-3, 12), (99_000, 101_000), (-1e-7, 4e-7), (2e9, 7e9), (-1e300, 1e300),
    (0.3, 0.3), (0, 0), (-5, -5), (1e-300, 2e-300), (1, 1 + 1e-12), (1e300, 1e300),
  ] as [(Double, Double)])
  func linearTicksAreNice(low: Double, high: Double) throws {
    for count in 2...12 {
      let axis = Axis(from: low, to: high, count: count)
      #expect(axis.range.lowerBound <= low && axis.range.upperBound >= high)
      #expect((2...count * 2).contains(axis.ticks.count), "\(axis.ticks)")
      let step = axis.ticks[1].value - axis.ticks[0].value
      let mantissa = step / pow(10, (log10(step) + 1e-6).rounded(.down))
      #expect([1, 2, 5].contains { abs($0 - mantissa) < 1e-4 }, "\(step)")
      for tick in axis.ticks {
        #expect(abs(tick.value / step - (tick.value / step).rounded()) < 1e-4)
        #expect((-1e-9...1 + 1e-9).contains(axis.position(of: tick.value)))
      }
      #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count, "\(axis.ticks.map(\.label))")
    }
  }

  @Test func labelsHaveTheDecimalsOfTheStep() {
    func labels(_ low: Double, _ high: Double, _ count: Int, isInteger: Bool = false) -> [String] {
      Axis.linearTicks(in: low...high, count: count, isInteger: isInteger).map(\.label)
    }
    #expect(labels(0, 1, 5) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(-0.1, 0.1, 2) == ["−0.1", "0.0", "0.1"])
    #expect(labels(0, 100_000, 2) == ["0", "50,000", "100,000"])
    #expect(labels(0, 4e8, 4) == ["0", "10⁸", "2×10⁸", "3×10⁸", "4×10⁸"])
    #expect(labels(0, 2, 8, isInteger: true) == ["0", "1", "2"])
    #expect(labels(0, 1.5e-6, 3) == ["0", "0.5×10⁻⁶", "1.0×10⁻⁶", "1.5×10⁻⁶"])
  }

  @Test func logarithmicTicksArePowersAndTheirMultiples() {
    func values(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
      Axis.logarithmicTicks(in: low...high, count: count).map(\.value)
    }
    #expect(values(0.9, 1100, 4) == [1, 10, 100, 1000])
    #expect(values(0.9, 12, 5) == [1, 2, 5, 10])
    #expect(values(2, 5, 3) == [2, 3, 4, 5])
    let many = values(1e-12, 1e12, 5)
    #expect(many.count <= 6 && many.contains(1) && many.allSatisfy { $0 > 0 })
    let constant = Axis(from: 3, to: 3, scale: .logarithmic, count: 5)
    #expect(constant.ticks.count >= 2 && constant.range.contains(3))
    #expect(!Axis.holds(0, .logarithmic) && !Axis.holds(-1, .logarithmic) && Axis.holds(0, .linear))
    #expect(!Axis.holds(.nan, .linear) && !Axis.holds(.infinity, .linear) && !Axis.holds(.nan, .logarithmic))
  }

  @Test func lossesAndErrorsStartAtZeroIfTheyComeNear() {
    #expect(Axis(from: 0.1, to: 2, count: 4, startsAtZero: true).range.lowerBound == 0)
    #expect(Axis(from: 1.8, to: 2, count: 4, startsAtZero: true).range.lowerBound > 1.7)
  }
}
