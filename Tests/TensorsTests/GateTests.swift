import Tensors
import Testing

/// What gates are made of, against definitions in double and their central differences. Tolerance: 1e-4 of the largest
/// value.
@Suite struct GateTests {
  private let x = Oracle.noise([2, 3, 2, 19], seed: 1)

  /// Checks values, and the gradient of Σ g · function(x) by differences.
  private func check(
    _ value: Tensor, _ x: Tensor, _ function: @escaping ([Double]) -> [Double], _ gradient: (Tensor) -> Tensor
  ) {
    let expected = function(x.elements.map(Double.init))
    #expect(Oracle.error(value, Tensor(expected.map(Float.init), shape: value.shape)) < 1e-5)
    let g = Oracle.noise(value.shape, seed: 9)
    let weights = g.elements.map(Double.init)
    let differences = Oracle.gradient(
      of: { zip(weights, function($0)).reduce(0) { $0 + $1.0 * $1.1 } }, at: x.elements)
    #expect(Oracle.error(gradient(g), Tensor(differences, shape: x.shape)) < 1e-4)
  }

  @Test func channels() {
    let gate = Oracle.noise([2, 19], seed: 2)
    let (values, gates) = (x.elements.map(Double.init), gate.elements.map(Double.init))
    func scaled(_ x: [Double], _ gate: [Double]) -> [Double] {
      x.indices.map { x[$0] * gate[$0 / (6 * 19) * 19 + $0 % 19] }
    }
    let result = x.scaled(byChannels: gate)
    check(result, x, { scaled($0, gates) }) { x.scaledGradients($0, byChannels: gate).input }
    check(result, gate, { scaled(values, $0) }) { x.scaledGradients($0, byChannels: gate).gate }
  }

  @Test func positions() {
    let gate = Oracle.noise([2, 3, 2, 1], seed: 3)
    let (values, gates) = (x.elements.map(Double.init), gate.elements.map(Double.init))
    func scaled(_ x: [Double], _ gate: [Double]) -> [Double] { x.indices.map { x[$0] * gate[$0 / 19] } }
    let result = x.scaled(byPositions: gate)
    check(result, x, { scaled($0, gates) }) { x.scaledGradients($0, byPositions: gate).input }
    check(result, gate, { scaled(values, $0) }) { x.scaledGradients($0, byPositions: gate).gate }
  }

  @Test func largestOverPositions() {
    let peaks = x.globalMaxPooled()
    func largest(_ x: [Double]) -> [Double] {
      var result = [Double](repeating: -.infinity, count: 2 * 19)
      for (place, value) in x.enumerated() {
        let at = place / (6 * 19) * 19 + place % 19
        result[at] = max(result[at], value)
      }
      return result
    }
    check(peaks, x, largest) { x.globalMaxPooledGradient($0, peaks: peaks) }
  }

  @Test func largestAndMeanOverChannels() {
    let pooled = x.channelMaxAndMean()
    func both(_ x: [Double]) -> [Double] {
      (0..<12).flatMap { position -> [Double] in
        let values = x[position * 19..<position * 19 + 19]
        return [values.max() ?? 0, values.reduce(0, +) / 19]
      }
    }
    check(pooled, x, both) { x.channelMaxAndMeanGradient($0, peaks: pooled) }
  }

  /// Of equal values the first takes the gradient, as in PyTorch's max-pooling; one position and one channel work, too.
  @Test func ties() {
    let equal = Tensor(repeating: 2, shape: [1, 2, 2, 3])
    let one = Tensor(repeating: 1, shape: [1, 3])
    let global = equal.globalMaxPooledGradient(one, peaks: equal.globalMaxPooled())
    #expect(global.elements == [1, 1, 1] + [Float](repeating: 0, count: 9))
    let pair = Tensor([1, 3, 1, 3, 1, 3, 1, 3], shape: [1, 2, 2, 2])
    let across = equal.channelMaxAndMeanGradient(pair, peaks: equal.channelMaxAndMean())
    #expect(across.elements == [Float]((0..<4).flatMap { _ -> [Float] in [2, 1, 1] }))
    let lone = Tensor([-3], shape: [1, 1, 1, 1])
    #expect(lone.globalMaxPooled().elements == [-3] && lone.channelMaxAndMean().elements == [-3, -3])
  }
}
