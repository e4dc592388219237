import Glibc

/// Numbers as people write them at an axis.
enum NumberLabel {
  /// A number with a count of decimals, commas between thousands and a true minus.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let power = pow(10, Double(decimals))
    let units = Int((min(abs(value), 1e15 / power) * power).rounded())
    let (whole, rest) = (units / Int(power), units % Int(power))
    let sign = value < 0 && units > 0 ? "−" : ""
    guard decimals > 0 else { return sign + grouped(whole) }
    let digits = String(rest)
    return sign + grouped(whole) + "." + String(repeating: "0", count: decimals - digits.count) + digits
  }

  /// A whole number with commas between thousands, from five digits on.
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(abs(value)))
    let sign = value < 0 ? "−" : ""
    guard digits.count > 4 else { return sign + String(digits) }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return sign + text
  }

  /// `mantissa` × 10 to the power of `exponent`; the mantissa is left out if it is 1 without decimals.
  static func scientific(_ mantissa: Double, decimals: Int, exponent: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let power = String(abs(exponent)).compactMap { $0.wholeNumberValue.map { digits[$0] } }
    let ten = "10" + (exponent < 0 ? "⁻" : "") + String(power)
    if mantissa == 0 { return "0" }
    if decimals == 0, abs(mantissa) == 1 { return (mantissa < 0 ? "−" : "") + ten }
    return fixed(mantissa, decimals: decimals) + "×" + ten
  }
}
