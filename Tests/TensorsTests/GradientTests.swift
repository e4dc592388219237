import Glibc
import Tensors
import Testing

/// Gradients against central differences of the operators' definitions in double. Tolerance: 1e-4 of the largest value,
/// since values and statistics are float32.
@Suite struct GradientTests {
  /// Σ weights · function(x) by differences.
  private func expected(
    _ x: Tensor, _ weights: Tensor, _ function: @escaping ([Double]) -> [Double]
  ) -> Tensor {
    let w = weights.elements.map(Double.init)
    let gradient = Oracle.gradient(
      of: { zip(w, function($0)).reduce(0) { $0 + $1.0 * $1.1 } }, at: x.elements)
    return Tensor(gradient, shape: x.shape)
  }

  struct SumCase: Sendable, CustomTestStringConvertible {
    /// How many terms are normalised and how many are not.
    var normalized: Int
    var plain: Int
    var contributions: Int
    var isClamped: Bool
    var isOfBatch = true
    var channels = 19
    var keepsOutput = true
    var testDescription: String {
      "\(normalized) normalised, \(plain) plain, \(contributions) contributions, ReLU \(isClamped), "
        + "batch statistics \(isOfBatch), output \(keepsOutput)"
    }
  }

  static let sums: [SumCase] =
    [1, 2, 3].flatMap { contributions in
      [false, true].flatMap { clamped in
        [(0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0)].map {
          SumCase(normalized: $0, plain: $1, contributions: contributions, isClamped: clamped)
        }
      }
    } + [
      SumCase(normalized: 1, plain: 0, contributions: 1, isClamped: true, keepsOutput: false),
      SumCase(normalized: 1, plain: 0, contributions: 2, isClamped: true, keepsOutput: false),
      SumCase(normalized: 1, plain: 0, contributions: 1, isClamped: true, isOfBatch: false),
      SumCase(normalized: 2, plain: 1, contributions: 2, isClamped: true, isOfBatch: false, channels: 32),
    ]

  @Test(arguments: sums)
  func normalizedSums(_ c: SumCase) throws {
    let shape = [2, 3, 2, c.channels]
    let values = (0..<c.normalized + c.plain).map { Oracle.noise(shape, seed: UInt64($0 + 1)) }
    let scales = (0..<c.normalized).map { Oracle.noise([c.channels], seed: UInt64($0 + 20)) }
    let shifts = (0..<c.normalized).map { Oracle.noise([c.channels], seed: UInt64($0 + 30)) }
    let running = BatchStatistics(
      mean: Oracle.noise([c.channels], seed: 40),
      variance: Tensor((0..<c.channels).map { 0.5 + Float($0) / 20 }, shape: [c.channels]), count: 1)
    let epsilon = 1e-5
    /// The sum in double, from everything that it depends on, one behind the other.
    func sum(_ all: [Double]) -> [Double] {
      let n = shape.reduce(1, *)
      var result = [Double](repeating: 0, count: n)
      for t in 0..<c.normalized + c.plain {
        let x = Array(all[t * n..<(t + 1) * n])
        guard t < c.normalized else {
          for i in 0..<n { result[i] += x[i] }
          continue
        }
        let place = (c.normalized + c.plain) * n + 2 * t * c.channels
        for channel in 0..<c.channels {
          let places = stride(from: channel, to: n, by: c.channels)
          var mean = Double(running.mean[channel])
          var variance = Double(running.variance[channel])
          if c.isOfBatch {
            let count = Double(n / c.channels)
            mean = places.reduce(0) { $0 + x[$1] } / count
            variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / count
          }
          let (scale, shift) = (all[place + channel], all[place + c.channels + channel])
          for i in places { result[i] += scale * (x[i] - mean) / (variance + epsilon).squareRoot() + shift }
        }
      }
      return c.isClamped ? result.map { max(0, $0) } : result
    }
    let everything = values.flatMap(\.elements) + zip(scales, shifts).flatMap { $0.elements + $1.elements }
    let contributions = (0..<c.contributions).map { Oracle.noise(shape, seed: UInt64($0 + 50)) }
    let weights = contributions.dropFirst().reduce(contributions[0]) { $0 + $1 }
    let whole = expected(Tensor(everything, shape: [everything.count]), weights, sum).elements

    let normalizations = (0..<c.normalized).map { t in
      Normalization(
        scale: scales[t], shift: shifts[t],
        statistics: c.isOfBatch ? values[t].batchStatistics() : running, isOfBatch: c.isOfBatch,
        epsilon: Float(epsilon))
    }
    let output = Tensor.sum(
      values.enumerated().map { t, x in
        Summand(x, affine: t < c.normalized ? normalizations[t].affine : nil)
      }, relu: c.isClamped)
    let definition = Tensor(sum(everything.map(Double.init)).map(Float.init), shape: shape)
    #expect(Oracle.error(output, definition) < 1e-4)
    let normalized = zip(values, normalizations).map { NormalizedSum.Term($0, $1) }
    let record =
      c.isClamped && !c.keepsOutput
      ? NormalizedSum(loneClamped: normalized[0])
      : NormalizedSum(terms: normalized, clampedTo: c.isClamped ? output : nil)
    let (gradient, terms) = record.gradients(contributions)
    let n = shape.reduce(1, *)
    for (t, term) in terms.enumerated() {
      let place = values.count * n + 2 * t * c.channels
      #expect(Oracle.error(term.values, Tensor(whole[t * n..<(t + 1) * n], shape: shape)) < 1e-4)
      #expect(
        Oracle.error(term.scale, Tensor(whole[place..<place + c.channels], shape: [c.channels])) < 1e-4)
      #expect(
        Oracle.error(
          term.shift, Tensor(whole[place + c.channels..<place + 2 * c.channels], shape: [c.channels])) < 1e-4)
    }
    for t in c.normalized..<values.count {
      #expect(Oracle.error(gradient, Tensor(whole[t * n..<(t + 1) * n], shape: shape)) < 1e-4)
    }
    // Without the sum, terms may write over what nobody holds; the numbers stay.
    let lean = record.gradients(contributions, needsSum: false)
    for (one, other) in zip(lean.terms, terms) {
      #expect(Oracle.error(one.values, other.values) < 1e-6)
    }
  }

  /// 40,000 values a channel far from zero: the statistics are those of double.
  @Test func statisticsOfManyValues() {
    let noise = Oracle.noise([4, 100, 100, 17], seed: 3)
    let x = Tensor(noise.elements.map { 1000 + $0 }, shape: noise.shape)
    let found = x.batchStatistics()
    for channel in [0, 7, 16] {
      let places = stride(from: channel, to: x.count, by: 17).map { Double(x[$0]) }
      let mean = places.reduce(0, +) / 40_000
      let variance = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
      #expect(abs(Double(found.mean[channel]) - mean) < 1e-4)
      #expect(abs(Double(found.variance[channel]) - variance) < 1e-5 * variance)
    }
  }

  /// One picture's first pixel says nothing of the others: the variance does not suffer from where sums begin.
  @Test func statisticsWithAnOutlierFirst() {
    let noise = Oracle.noise([2, 50, 50, 16], seed: 3)
    let x = Tensor(noise.elements.enumerated().map { $0 < 16 ? 3000 : $1 }, shape: noise.shape)
    let found = x.batchStatistics()
    for channel in [0, 15] {
      let places = stride(from: channel, to: x.count, by: 16).map { Double(x[$0]) }
      let mean = places.reduce(0, +) / 5000
      let variance = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5000
      #expect(abs(Double(found.mean[channel]) - mean) < 1e-5 * abs(mean) + 1e-6)
      #expect(abs(Double(found.variance[channel]) - variance) < 1e-5 * variance)
    }
  }

  @Test func activations() {
    let x = Oracle.noise([3, 5], seed: 1)
    let g = Oracle.noise([3, 5], seed: 2)
    #expect(Oracle.error(x.relu().reluGradient(g), expected(x, g) { $0.map { max(0, $0) } }) < 1e-4)
    #expect(
      Oracle.error(x.sigmoid().sigmoidGradient(g), expected(x, g) { $0.map { 1 / (1 + exp(-$0)) } }) < 1e-4)
    let softmax: ([Double]) -> [Double] = { x in
      (0..<3).flatMap { row -> [Double] in
        let line = x[row * 5..<row * 5 + 5].map { exp($0) }
        let total = line.reduce(0, +)
        return line.map { $0 / total }
      }
    }
    #expect(Oracle.error(x.softmax().softmaxGradient(g), expected(x, g, softmax)) < 1e-4)
  }

  /// Linear operators: ⟨g, f(x)⟩ = ⟨f*(g), x⟩ for random x and g, which differences come to.
  @Test func linearOperators() {
    func check(_ name: String, _ x: Tensor, _ f: (Tensor) -> Tensor, _ adjoint: (Tensor) -> Tensor) {
      let y = f(x)
      let g = Oracle.noise(y.shape, seed: 77)
      let back = adjoint(g)
      #expect(back.shape == x.shape, "\(name)")
      let (left, right) = (Oracle.dot(g, y), Oracle.dot(back, x))
      #expect(abs(left - right) < 1e-5 * (Oracle.dot(g, g) * Oracle.dot(y, y)).squareRoot(), "\(name)")
    }
    let x = Oracle.noise([2, 5, 7, 6], seed: 5)
    check(
      "global average", x, { $0.globalAveragePooled() },
      {
        $0.globalAveragePooledGradient(input: Size2D(height: 5, width: 7))
      })
    check("channel sum", x, { $0.channelSum() }, { $0.channelSumGradient(channels: 6) })
    check("channels", x, { $0.channels(2..<5) }, { $0.channelsGradient(2..<5, of: 6) })
    check("channels first", x, { $0.channelsFirst() }, { $0.channelsLast() })
    for stride in 1...3 {
      check(
        "subsample \(stride)", x, { $0.subsampled(stride: stride, channels: 11) },
        { $0.subsampledGradient(input: [2, 5, 7, 6], stride: stride) })
    }
    for size in [Size2D(height: 9, width: 3), Size2D(height: 2, width: 20)] {
      check(
        "resize to \(size)", x, { $0.resizedBilinear(to: size) },
        { $0.resizedBilinearGradient(input: Size2D(height: 5, width: 7)) })
    }
    for geometry in [
      ConvolutionGeometry(kernel: 3, stride: 2, padding: 1), ConvolutionGeometry(kernel: 2),
      ConvolutionGeometry(
        kernel: Size2D(height: 3, width: 1), stride: Size2D(height: 2, width: 3),
        padding: Size2D(height: 1, width: 0)),
    ] {
      for counted in [true, false] {
        check(
          "average \(geometry)", x, { $0.averagePooled(geometry, countPadding: counted) },
          { $0.averagePooledGradient(input: [2, 5, 7, 6], geometry, countPadding: counted) })
      }
    }
  }

  @Test(arguments: [
    ConvolutionGeometry(kernel: 3, stride: 2, padding: 1), ConvolutionGeometry(kernel: 2, stride: 2),
    ConvolutionGeometry(kernel: 3, padding: 1),
  ])
  func maxPooling(_ geometry: ConvolutionGeometry) {
    let x = Oracle.noise([2, 5, 6, 19], seed: 5)
    let (y, places) = x.maxPooledWithPlaces(geometry)
    #expect(y.elements == x.maxPooled(geometry).elements)
    let g = Oracle.noise(y.shape, seed: 6)
    let back = g.maxPooledGradient(input: x.shape, geometry, places: places)
    // Each window's gradient goes to the one place whose value the window has.
    var expected = [Float](repeating: 0, count: x.count)
    for position in 0..<y.count {
      let (c, column, row) = (position % 19, position / 19 % y.width, position / 19 / y.width % y.height)
      let n = position / 19 / y.width / y.height
      var found = false
      for ky in 0..<geometry.kernel.height {
        for kx in 0..<geometry.kernel.width where !found {
          let (iy, ix) = (
            row * geometry.stride.height - geometry.padding.height + ky,
            column * geometry.stride.width - geometry.padding.width + kx
          )
          guard (0..<5).contains(iy), (0..<6).contains(ix) else { continue }
          let place = ((n * 5 + iy) * 6 + ix) * 19 + c
          guard x[place] == y[position] else { continue }
          expected[place] += g[position]
          found = true
        }
      }
      #expect(found)
    }
    #expect(Oracle.error(back, Tensor(expected, shape: x.shape)) < 1e-6)
  }

  /// PyTorch gives a tie to the first.
  @Test func tiesGoToTheFirst() {
    let x = Tensor(repeating: 2, shape: [1, 2, 2, 1])
    let geometry = ConvolutionGeometry(kernel: 2)
    let (_, places) = x.maxPooledWithPlaces(geometry)
    let back = Tensor([5], shape: [1, 1, 1, 1]).maxPooledGradient(
      input: [1, 2, 2, 1], geometry, places: places)
    #expect(back.elements == [5, 0, 0, 0])
  }
}
