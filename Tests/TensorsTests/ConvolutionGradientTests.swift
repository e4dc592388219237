@testable import Tensors
import Testing

/// Gradients of convolutions on both backends. Weight gradients are compared with their definition; a data gradient is a
/// transposed convolution, which is compared with its own, so that here only its adjointness is: ⟨g, f(x)⟩ = ⟨f*(g), x⟩,
/// which finite differences of a linear function come to. Tolerance: 3e-5 of the largest value, float32 roundings over
/// some hundred terms, and Winograd's additional ones.
@Suite struct ConvolutionGradientTests {
  static let backends = ConvolutionTests.backends

  /// Those of the forward tests, and what our own kernels take: narrow groups at odd sizes, Winograd's tiles that the
  /// picture does not fill.
  static let cases: [ConvolutionTests.Case] =
    ConvolutionTests.cases
    + [1, 2, 4, 8].flatMap { group in
      [
        ConvolutionTests.Case(
          input: [2, 7, 9, 32], outputs: 32,
          geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 32 / group)),
        ConvolutionTests.Case(
          input: [3, 6, 11, 16], outputs: 16,
          geometry: ConvolutionGeometry(kernel: 3, padding: 1, groups: 16 / group)),
        ConvolutionTests.Case(
          input: [1, 1, 2, 16], outputs: 16,
          geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 16 / group)),
        ConvolutionTests.Case(
          input: [1, 9, 10, 16], outputs: 16,
          geometry: ConvolutionGeometry(
            kernel: Size2D(height: 2, width: 4), stride: Size2D(height: 1, width: 3),
            padding: Size2D(height: 0, width: 2), groups: 16 / group)),
      ]
    }
    + winograd + pointwise + wide

  /// The data gradient of decoders with a window of 4 is a convolution of it; its weight gradient is theirs.
  static let wide: [ConvolutionTests.Case] = [
    (6, 9, 3), (32, 8, 4), (32, 16, 4), (64, 16, 2), (192, 96, 3), (32, 32, 16), (32, 32, 8), (32, 32, 4),
    (16, 16, 16),
  ].flatMap { inputs, outputs, groups in
    [[2, 8, 5], [3, 7, 10], [1, 1, 2], [1, 9, 1]].map { map in
      ConvolutionTests.Case(
        input: map + [inputs], outputs: outputs,
        geometry: ConvolutionGeometry(kernel: 4, stride: 2, padding: 1, endPadding: 2, groups: groups))
    }
  }

  /// 1×1 on maps that no cache keeps.
  static let pointwise: [ConvolutionTests.Case] = [
    ([1, 67, 131, 48], 144), ([3, 71, 83, 112], 64), ([2, 61, 173, 7], 32 + 64),
  ].map { ConvolutionTests.Case(input: $0, outputs: $1, geometry: ConvolutionGeometry(kernel: 1)) }

  /// Where the processor has the instructions, those cases do go through our own kernel.
  @Test(.enabled(if: WinogradConvolution.isThere, "needs AVX-512"), arguments: pointwise)
  func pointwiseIsTaken(_ c: ConvolutionTests.Case) {
    #expect(
      PointwiseConvolution.handles(
        c.geometry, positions: c.input[0] * c.input[1] * c.input[2], channels: c.input[3],
        outputs: c.outputs))
  }

  static let winograd: [ConvolutionTests.Case] =
    [
      ([4, 125, 126, 16], 16), ([9, 51, 49, 48], 16), ([33, 7, 13, 64], 80), ([12, 28, 27, 112], 16),
      // Strips that threads share: one, and two.
      ([2, 13, 15, 160], 112), ([1, 41, 43, 512], 16),
    ].map {
      ConvolutionTests.Case(input: $0, outputs: $1, geometry: ConvolutionGeometry(kernel: 3, padding: 1))
    } + strided

  /// Of stride 2: tiles of which only some outputs are in the picture, and strips that threads share.
  static let strided: [ConvolutionTests.Case] = [
    ([4, 125, 126, 16], 16), ([9, 51, 49, 48], 16), ([7, 30, 33, 64], 80), ([12, 28, 31, 112], 16),
    ([2, 33, 35, 160], 208), ([1, 43, 46, 512], 64),
  ].map {
    ConvolutionTests.Case(
      input: $0, outputs: $1, geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1))
  }

  /// Where the processor has the instructions, those cases do go through Winograd's algorithm.
  @Test(.enabled(if: WinogradConvolution.isThere, "needs AVX-512"), arguments: winograd)
  func winogradIsTaken(_ c: ConvolutionTests.Case) {
    #expect(
      WinogradConvolution.handles(
        c.geometry, batch: c.input[0], size: Size2D(height: c.input[1], width: c.input[2]),
        channels: c.input[3], outputs: c.outputs))
  }

  /// The epilogue of our own kernels: bias, then the addend, then ReLU.
  @Test(arguments: [winograd[2], strided[2], pointwise[0]])
  func epilogue(_ c: ConvolutionTests.Case) throws {
    let (_, x, weights) = try operands(c, "onednn")
    let bias = Oracle.noise([c.outputs], seed: 3)
    let size = c.geometry.outputSize(of: Size2D(height: x.height, width: x.width))
    let addend = Oracle.noise([x.batch, size.height, size.width, c.outputs], seed: 4)
    let actual = try x.convolved(
      with: ConvolutionKernel(weights), c.geometry,
      epilogue: ConvolutionEpilogue(bias: bias, addend: addend, relu: true), on: OneDNNBackend.shared)
    let expected = Oracle.convolution(x, weights, c.geometry, bias: bias, addend: addend, relu: true)
    #expect(Oracle.error(actual, expected) < 3e-5)
  }

  @Test(arguments: cases, backends)
  func forwardMatchesDefinition(_ c: ConvolutionTests.Case, backendName: String) throws {
    let (backend, x, weights) = try operands(c, backendName)
    let bias = Oracle.noise([c.outputs], seed: 3)
    let expected = Oracle.convolution(x, weights, c.geometry, bias: bias, relu: true)
    let actual = try x.convolved(
      with: ConvolutionKernel(weights), c.geometry, epilogue: ConvolutionEpilogue(bias: bias, relu: true),
      on: backend)
    #expect(Oracle.error(actual, expected) < 3e-5)
  }

  @Test(arguments: cases, backends)
  func weightGradientMatchesDefinition(_ c: ConvolutionTests.Case, backendName: String) throws {
    let (backend, x, weights) = try operands(c, backendName)
    let size = c.geometry.outputSize(of: Size2D(height: x.height, width: x.width))
    let gradient = Oracle.noise([x.batch, size.height, size.width, c.outputs], seed: 8)
    let expected = Oracle.weightGradient(x, gradient, c.geometry, weights: weights.shape)
    let actual = try x.convolutionWeightGradient(
      outputGradient: gradient, weights: weights.shape, c.geometry, on: backend)
    #expect(Oracle.error(actual, expected) < 3e-5)
    // A second pass adds to the first.
    var twice = actual
    try twice.withUnsafeMutableElements { target in
      try x.addWeightGradient(
        outputGradient: gradient, c.geometry, into: target, accumulating: true, on: backend)
    }
    #expect(Oracle.error(twice, expected + expected) < 3e-5)
  }

  @Test(arguments: cases, backends)
  func dataGradientIsAdjoint(_ c: ConvolutionTests.Case, backendName: String) throws {
    let (backend, x, weights) = try operands(c, backendName)
    let kernel = ConvolutionKernel(weights)
    let y = try x.convolved(with: kernel, c.geometry, on: backend)
    let gradient = Oracle.noise(y.shape, seed: 9)
    let back = try gradient.transposeConvolved(
      with: kernel, c.geometry, outputSize: Size2D(height: x.height, width: x.width), on: backend)
    let (left, right) = (Oracle.dot(gradient, y), Oracle.dot(back, x))
    let scale = (Oracle.dot(gradient, gradient) * Oracle.dot(y, y)).squareRoot()
    #expect(abs(left - right) < 3e-5 * scale)
    #expect(
      Oracle.error(
        back,
        Oracle.transposedConvolution(
          gradient, weights, c.geometry, size: Size2D(height: x.height, width: x.width))) < 3e-5)
  }

  @Test(arguments: backends)
  func linearGradients(backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let x = Oracle.noise([5, 7], seed: 1)
    let weights = Oracle.noise([3, 7], seed: 2)
    let gradient = Oracle.noise([5, 3], seed: 3)
    let kernel = ConvolutionKernel(weights.reshaped([3, 7, 1, 1]))
    let data = try gradient.linearDataGradient(with: kernel, on: backend)
    let weight = try x.linearWeightGradient(outputGradient: gradient, on: backend)
    for n in 0..<5 {
      for i in 0..<7 {
        let expected = (0..<3).reduce(0.0) { $0 + Double(gradient[n * 3 + $1]) * Double(weights[$1 * 7 + i]) }
        #expect(abs(Double(data[n * 7 + i]) - expected) < 1e-5)
      }
    }
    for o in 0..<3 {
      for i in 0..<7 {
        let expected = (0..<5).reduce(0.0) { $0 + Double(gradient[$1 * 3 + o]) * Double(x[$1 * 7 + i]) }
        #expect(abs(Double(weight[o * 7 + i]) - expected) < 1e-5)
      }
      let bias = (0..<5).reduce(0.0) { $0 + Double(gradient[$1 * 3 + o]) }
      #expect(abs(Double(gradient.columnSum()[o]) - bias) < 1e-5)
    }
  }

  private func operands(
    _ c: ConvolutionTests.Case, _ backendName: String
  ) throws -> (any ConvolutionBackend, Tensor, Tensor) {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let g = c.geometry
    let shape = [c.outputs, c.input[3] / g.groups, g.kernel.height, g.kernel.width]
    return (backend, Oracle.noise(c.input, seed: 6), Oracle.noise(shape, seed: 7))
  }
}
