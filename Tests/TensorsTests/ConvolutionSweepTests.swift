import Tensors
import Testing

/// Many small odd shapes on all backends: what a library does at the ends of rows, of channels and of groups, and with memory
/// that was used before, shows at none of the shapes that networks mostly have.
@Suite struct ConvolutionSweepTests {
  /// A convolution and its input; all of it follows from a number.
  struct Case: CustomStringConvertible {
    let geometry: ConvolutionGeometry
    let batch: Int, height: Int, width: Int, channels: Int, outputs: Int

    init(_ number: Int) {
      var generator = SeededGenerator(seed: 20, place: UInt64(number))
      func pick(_ choices: [Int]) -> Int { choices[Int(generator.uniform() * Double(choices.count))] }
      let groups = pick([1, 1, 1, 2, 3, 4])
      let kernel = pick([1, 1, 3, 3, 4, 5, 7])
      geometry = ConvolutionGeometry(
        kernel: kernel, stride: pick([1, 2, 2, 3]), padding: min(pick([0, 1, 3]), kernel / 2), groups: groups)
      batch = pick([1, 2, 3])
      height = max(kernel, pick([4, 7, 8, 9, 13, 16]))
      width = max(kernel, pick([4, 7, 8, 9, 13, 16]))
      let perGroup = [1, 2, 3, 4, 5, 7, 8, 12, 16, 17]
      channels = groups * pick(perGroup)
      outputs = groups * pick(perGroup)
    }

    var description: String {
      "\(geometry), \(batch)×\(height)×\(width), \(channels) to \(outputs) channels"
    }
  }

  /// Leaves large numbers in memory that the next tensors take over.
  private func soilMemory(_ generator: inout SeededGenerator) {
    let used = (0..<12).map { _ in
      Tensor(repeating: Float(generator.normal()) * 1e30, shape: [1 + Int(generator.uniform() * 6000)])
    }
    withExtendedLifetime(used) {}
  }

  private func noise(_ shape: [Int], _ generator: inout SeededGenerator) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) }, shape: shape)
  }

  /// Forward and both gradients: the backends agree to rounding (the sums have at most 833 terms forward and 768 in a gradient
  /// of weights; 2e-5 of the largest value is far above float32's error for these, far below any term's), and each gives
  /// the same bits every time.
  @Test(arguments: 0..<240)
  func backendsAgreeAndRepeat(_ number: Int) throws {
    let shape = Case(number)
    let geometry = shape.geometry
    var generator = SeededGenerator(seed: 21, place: UInt64(number))
    let size = geometry.outputSize(of: Size2D(height: shape.height, width: shape.width))
    let input = noise([shape.batch, shape.height, shape.width, shape.channels], &generator)
    let weights = noise(
      [shape.outputs, shape.channels / geometry.groups, geometry.kernel.height, geometry.kernel.width],
      &generator)
    let gradient = noise([shape.batch, size.height, size.width, shape.outputs], &generator)
    let bias = noise([shape.outputs], &generator)
    let addend = noise(gradient.shape, &generator)

    func results(_ backend: any ConvolutionBackend) throws -> [Tensor] {
      let kernel = ConvolutionKernel(weights)
      let epilogue = ConvolutionEpilogue(bias: bias, addend: addend, relu: true)
      return [
        try input.convolved(with: kernel, geometry, on: backend),
        try input.convolved(with: kernel, geometry, epilogue: epilogue, on: backend),
        try gradient.transposeConvolved(
          with: kernel, geometry, outputSize: Size2D(height: shape.height, width: shape.width), on: backend),
        try input.convolutionWeightGradient(
          outputGradient: gradient, weights: weights.shape, geometry, on: backend),
      ]
    }
    let names = [
      "forward", "forward with all of the epilogue", "gradient of the input", "gradient of the weights",
    ]
    var expected: [Tensor] = []
    for backend in ConvolutionBackends.all.reversed() {
      let first = try results(backend)
      if expected.isEmpty { expected = first }
      for (name, pair) in zip(names, zip(first, expected)) {
        let largest = pair.1.elements.map(abs).max() ?? 0
        let error = zip(pair.0.elements, pair.1.elements).map { abs($0 - $1) }.max() ?? 0
        #expect(error <= 2e-5 * max(largest, 1), "\(name) by \(backend.name): \(shape)")
      }
      for _ in 0..<4 {
        soilMemory(&generator)
        for (name, pair) in zip(names, zip(try results(backend), first)) {
          #expect(pair.0.elements == pair.1.elements, "\(name) by \(backend.name) differs: \(shape)")
        }
      }
    }
  }
}
