/// How much of a map is a chessboard: the share of its variance that lies at the highest frequency its cells can hold, where
/// neighbours alternate.
///
/// By Parseval's theorem the variance of a map is the power of its discrete Fourier transform without the mean. Of w columns
/// and h rows, h of the w · h − 1 frequencies alternate from column to column, w from row to row, and one along both. A smooth
/// map has next to nothing there, white noise (w + h − 1) / (w · h − 1). Of an odd side the last line is left out.
public struct Chessboard: Hashable, Sendable {
  /// Share of what alternates from column to column, whatever it does along the rows' axis.
  public let columns: Double
  /// Share of what alternates from row to row.
  public let rows: Double
  /// Share of what alternates along either axis; what does along both is counted once.
  public let share: Double
  /// What `share` is expected to be of white noise on a map of this size.
  public let whiteNoise: Double

  /// Of a map of `height` × `width` values, rows from the top.
  /// - Returns: nil if a side has one cell alone, the map is constant up to float32 rounding, or a value is not finite.
  public init?(_ values: UnsafeBufferPointer<Float>, width: Int, height: Int) {
    precondition(values.count == width * height, "values do not fill the map")
    let (w, h) = (width / 2 * 2, height / 2 * 2)
    guard w > 0, h > 0 else { return nil }
    var sum = 0.0
    var alternating = [Double](repeating: 0, count: w)
    var (power, both, alongColumns) = (0.0, 0.0, 0.0)
    for y in 0..<h {
      let sign = y % 2 == 0 ? 1.0 : -1.0
      var row = 0.0
      for x in 0..<w {
        let value = Double(values[y * width + x])
        sum += value
        power += value * value
        row += x % 2 == 0 ? value : -value
        alternating[x] += sign * value
      }
      alongColumns += row * row
      both += sign * row
    }
    let cells = Double(w * h)
    let variance = power - sum * sum / cells
    // Rounding of float32 leaves about 1e-14 of the power in a map whose cells are meant to be one number.
    guard variance.isFinite, variance > 1e-12 * power else { return nil }
    columns = alongColumns / Double(w) / variance
    rows = alternating.reduce(0) { $0 + $1 * $1 } / Double(h) / variance
    share = min(1, columns + rows - both * both / cells / variance)
    whiteNoise = Double(w + h - 1) / max(1, cells - 1)
  }
}
