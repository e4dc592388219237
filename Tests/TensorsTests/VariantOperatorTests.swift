import Foundation
import Tensors
import Testing

/// Activations and blurring against their definitions in double and central differences. Tolerances as in `GateTests`.
@Suite struct VariantOperatorTests {
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

  @Test(arguments: [Activation.relu, .silu, .gelu, .leaky(slope: 0.01), .leaky(slope: 0.3)])
  func activations(function: Activation) {
    let noise = Oracle.noise([2, 3, 2, 19], seed: 4)
    // Away from 0, where two of them have no derivative.
    let x = Tensor(noise.elements.map { 3 * $0 + ($0 < 0 ? -0.01 : 0.01) }, shape: noise.shape)
    func definition(_ x: Double) -> Double {
      switch function {
      case .relu: max(x, 0)
      case .silu: x / (1 + exp(-x))
      case .gelu: x * (1 + erf(x / 2.0.squareRoot())) / 2
      case .leaky(let slope): x > 0 ? x : Double(slope) * x
      }
    }
    let output = x.activated(function)
    check(output, x, { $0.map(definition) }) {
      // ReLU's own gradient is that of its output.
      function == .relu ? output.activatedGradient($0, .relu) : x.activatedGradient($0, function)
    }
  }

  @Test func activationsKeepNaN() {
    for function in [Activation.relu, .silu, .gelu, .leaky(slope: 0.1)] {
      let output = Tensor([.nan, 1, -1, .infinity], shape: [4]).activated(function)
      #expect(output[0].isNaN && output[1] > 0.7 && output[2] <= 0 && output[3] == .infinity)
    }
  }

  /// Every size from one pixel, with steps of 1 to 3; what lies outside is mirrored.
  @Test(arguments: 1...3)
  func blur(stride: Int) {
    for (rows, columns) in [(1, 1), (1, 5), (2, 2), (3, 4), (6, 5), (7, 9)] {
      let x = Oracle.noise([2, rows, columns, 5], seed: 6)
      func mirrored(_ place: Int, _ size: Int) -> Int {
        let last = size - 1
        return place < 0 ? min(1, last) : place > last ? max(last - 1, 0) : place
      }
      func definition(_ x: [Double]) -> [Double] {
        var result: [Double] = []
        for n in 0..<2 {
          for y in Swift.stride(from: 0, to: rows, by: stride) {
            for column in Swift.stride(from: 0, to: columns, by: stride) {
              for c in 0..<5 {
                var sum = 0.0
                for (dy, a) in [(-1, 0.25), (0, 0.5), (1, 0.25)] {
                  for (dx, b) in [(-1, 0.25), (0, 0.5), (1, 0.25)] {
                    let (row, place) = (mirrored(y + dy, rows), mirrored(column + dx, columns))
                    sum += a * b * x[((n * rows + row) * columns + place) * 5 + c]
                  }
                }
                result.append(sum)
              }
            }
          }
        }
        return result
      }
      check(x.blurred(stride: stride), x, definition) {
        $0.blurredGradient(input: x.shape, stride: stride)
      }
    }
  }

  /// A mean whose last windows reach beyond the map counts what is there, as torch.nn.AvgPool2d with `ceil_mode`.
  @Test func meansOfIncompleteWindows() {
    let geometry = ConvolutionGeometry(kernel: 2, stride: 2, endPadding: 1)
    let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [1, 3, 3, 1])
    #expect(x.averagePooled(geometry, countPadding: false).elements == [3, 4.5, 7.5, 9])
    let gradient = Tensor([4, 2, 2, 1], shape: [1, 2, 2, 1])
      .averagePooledGradient(input: x.shape, geometry, countPadding: false)
    #expect(gradient.elements == [1, 1, 1, 1, 1, 1, 1, 1, 1])
  }
}
