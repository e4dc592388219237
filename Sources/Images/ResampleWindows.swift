/// For each output position of one axis, the input positions it is made of and their weights: one of Pillow's
/// filters, widened by the ratio when a picture becomes smaller (antialiasing), in
/// Pillow's fixed point, so that results are its bit for bit (Pillow, `Resample.c`, `precompute_coeffs`).
struct ResampleWindows {
  /// Bits behind the point of a weight: 32 for the sum, less 8 of the pixel, less 2 spare.
  static let precision = Int32(32 - 8 - 2)
  /// One half, which turns the final shift into rounding.
  static let half = Int32(1) << (precision - 1)

  /// The input positions that any output position is made of.
  let sources: Range<Int>
  /// First input position of each output position, counted from that of all.
  let first: [Int]
  /// Number of input positions of each output position.
  let count: [Int]
  /// Weights, `stride` for each output position, of which `count` are used.
  let weights: [Int32]
  /// Distance between the weights of neighbouring output positions.
  let stride: Int

  /// Windows that turn `input` positions into `output` positions, or into those of a range of these.
  init(
    from input: Int, to output: Int, range: Range<Int>? = nil, filter: Interpolation = .bilinear
  ) {
    let range = range ?? 0..<output
    let scale = Double(input) / Double(output)
    let widening = max(scale, 1)
    let inverse = 1 / widening
    let support = filter.support * widening
    stride = Int(support.rounded(.up)) * 2 + 1
    var first = [Int](repeating: 0, count: range.count)
    var count = first
    var weights = [Int32](repeating: 0, count: range.count * stride)
    var real = [Double](repeating: 0, count: stride)
    for (index, position) in range.enumerated() {
      let center = (Double(position) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let length = min(Int(center + support + 0.5), input) - start
      var sum = 0.0
      for tap in 0..<length {
        real[tap] = filter.weight(at: (Double(tap + start) - center + 0.5) * inverse)
        sum += real[tap]
      }
      for tap in 0..<length {
        let weight = sum == 0 ? real[tap] : real[tap] / sum
        let scaled = weight * Double(Int32(1) << Self.precision)
        weights[index * stride + tap] = Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
      }
      first[index] = start
      count[index] = length
    }
    let start = first.first ?? 0
    sources = start..<(first.last ?? 0) + (count.last ?? 0)
    self.first = first.map { $0 - start }
    self.count = count
    self.weights = weights
  }
}
