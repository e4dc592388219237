import Glibc

/// How values become lengths on an axis.
public enum AxisScale: Hashable, Sendable {
  /// Equal differences have equal lengths.
  case linear
  /// Equal ratios have equal lengths; values that are not positive have no place.
  case logarithmic
}

/// A range of values and where lines of the grid cross it.
struct Axis: Hashable, Sendable {
  /// A value with a line of the grid.
  struct Tick: Hashable, Sendable {
    var value: Double
    var label: String
  }

  let scale: AxisScale
  let range: ClosedRange<Double>
  let ticks: [Tick]

  /// Beyond this, differences could not be computed.
  static let largest = 1e300
  private static let least = 1e-290

  /// Whether a value can be drawn.
  static func holds(_ value: Double, _ scale: AxisScale) -> Bool {
    guard value.isFinite, abs(value) <= largest else { return false }
    return scale == .linear || value >= least
  }

  /// An axis for values from `low` to `high` with `count` ticks or half as many again.
  /// - Parameter isInteger: whether there are ticks at whole numbers only.
  init(
    from low: Double, to high: Double, scale: AxisScale = .linear, count: Int, isInteger: Bool = false,
    padding: Double = 0.05, startsAtZero: Bool = false
  ) {
    self.scale = scale
    switch scale {
    case .linear:
      range = Self.linearRange(low, high, isInteger, padding, startsAtZero)
      ticks = Self.linearTicks(in: range, count: count, isInteger: isInteger)
    case .logarithmic:
      let pad = high > low * (1 + 1e-9) ? pow(high / low, padding) : 2
      range = max(low / pad, Self.least / 10)...high * pad
      ticks = Self.logarithmicTicks(in: range, count: count)
    }
  }

  /// From 0 at the low end of the axis to 1 at its high end.
  func position(of value: Double) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    switch scale {
    case .linear: return (value - low) / (high - low)
    case .logarithmic: return (log10(value) - log10(low)) / (log10(high) - log10(low))
    }
  }

  private static func linearRange(
    _ low: Double, _ high: Double, _ isInteger: Bool, _ padding: Double, _ startsAtZero: Bool
  ) -> ClosedRange<Double> {
    let span = high - low
    // A constant gets room around it.
    if span <= max(abs(low), abs(high)) * 1e-9 || span < least {
      let room = isInteger ? 1 : abs(low) < least ? 1 : abs(low) * 0.1
      return (low - room)...(high + room)
    }
    let bottom = startsAtZero && low >= 0 && low <= high / 2 ? 0 : low - span * padding
    return bottom...(high + span * padding)
  }

  // MARK: Ticks

  /// The step of 1, 2 or 5 times a power of ten that is at least `least`, with that power.
  private static func niceStep(atLeast least: Double) -> (step: Double, exponent: Int) {
    let exponent = Int(log10(least).rounded(.down))
    let power = pow(10, Double(exponent))
    // Rounding may put a multiple a hair below itself.
    for factor in [1.0, 2, 5] where factor * power >= least * (1 - 1e-9) { return (factor * power, exponent) }
    return (pow(10, Double(exponent + 1)), exponent + 1)
  }

  /// Multiples of a nice step, at least two where whole numbers allow it.
  static func linearTicks(in range: ClosedRange<Double>, count: Int, isInteger: Bool) -> [Tick] {
    let ticks = multiples(in: range, count: count, isInteger: isInteger)
    return ticks.count < 2 && count < 10 ? linearTicks(in: range, count: count + 1, isInteger: isInteger) : ticks
  }

  private static func multiples(in range: ClosedRange<Double>, count: Int, isInteger: Bool) -> [Tick] {
    let (low, high) = (range.lowerBound, range.upperBound)
    var (step, exponent) = niceStep(atLeast: (high - low) / Double(max(count, 1)) * 0.68)
    if isInteger, step < 1 { (step, exponent) = (1, 0) }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 1000 else { return [] }
    let multiples = (0...Int(last - first)).map { first + Double($0) }
    let largest = max(abs(first), abs(last)) * step
    if largest >= 1e7 || exponent < -4 {
      let top = Int(log10(largest).rounded(.down))
      let scaled = pow(10, Double(exponent - top)) * (step / pow(10, Double(exponent))).rounded()
      return multiples.map {
        Tick(
          value: $0 * step,
          label: NumberLabel.scientific($0 * scaled, decimals: min(top - exponent, 12), exponent: top))
      }
    }
    return multiples.map {
      Tick(value: $0 * step, label: NumberLabel.fixed($0 * step, decimals: max(0, -exponent)))
    }
  }

  /// Powers of ten, every second or third if there are many, with 2 and 5 times them if there are few; within less
  /// than a power of ten, the ticks of a linear axis.
  static func logarithmicTicks(in range: ClosedRange<Double>, count: Int) -> [Tick] {
    let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
    let (first, last) = (Int((low - 1e-9).rounded(.up)), Int((high + 1e-9).rounded(.down)))
    if high - low < 0.8 { return linearTicks(in: range, count: count, isInteger: false).filter { $0.value > 0 } }
    let wanted = max(count, 2)
    if last - first >= 1, (high - low) * 3 > Double(wanted * 2) {
      let stride = max(1, (last - first) / wanted + ((last - first) % wanted == 0 ? 0 : 1))
      return (first...max(first, last)).filter { $0 % stride == 0 || first == last }.map { tick(1, $0) }
    }
    return (first - 1...last).flatMap { exponent in
      [1, 2, 5].map { tick($0, exponent) }
    }.filter { $0.value >= range.lowerBound * (1 - 1e-9) && $0.value <= range.upperBound * (1 + 1e-9) }
  }

  private static func tick(_ factor: Int, _ exponent: Int) -> Tick {
    let value = Double(factor) * pow(10, Double(exponent))
    let label =
      (-3...4).contains(exponent)
      ? NumberLabel.fixed(value, decimals: max(0, -exponent))
      : NumberLabel.scientific(Double(factor), decimals: 0, exponent: exponent)
    return Tick(value: value, label: label)
  }
}
