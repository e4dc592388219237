import Testing

@testable import Tensors

/// A 1×1 convolution that a decoder adds line by line is the one that is computed before, to the bit.
@Suite(.enabled(if: WinogradConvolution.isThere, "needs AVX-512")) struct ProjectionTests {
  struct Case: CustomTestStringConvertible {
    var size: Size2D, batch = 1, inputs: Int, channels: Int, groups: Int
    var addends = 1, normalizes = true, relu = true, biased = true
    var testDescription: String { "\(batch)×\(size), \(inputs) to \(channels), \(groups) groups" }
  }

  /// Lines that fill the strips and such that do not, odd sizes, several pictures, groups of both kinds.
  static let cases = [
    Case(size: Size2D(height: 64, width: 64), inputs: 64, channels: 256, groups: 32),
    Case(size: Size2D(height: 33, width: 47), batch: 3, inputs: 20, channels: 256, groups: 32, addends: 0),
    Case(size: Size2D(height: 5, width: 411), inputs: 128, channels: 512, groups: 32, normalizes: false),
    Case(size: Size2D(height: 95, width: 23), inputs: 16, channels: 512, groups: 32, addends: 2, relu: false),
    Case(size: Size2D(height: 300, width: 37), inputs: 9, channels: 112, groups: 7, biased: false),
  ]

  @Test(arguments: cases, [1, 2, 3]) func addsWhatIsComputedBefore(_ c: Case, threads: Int) throws {
    let backend = ConvolutionBackends.all[0]
    let g = ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: c.groups)
    let small = g.outputSize(of: c.size)
    let codes = c.channels / (c.channels / c.groups == 8 ? 4 : 2)
    let code = Oracle.noise([c.batch, small.height, small.width, codes], seed: 1)
    let decoder = ConvolutionKernel(Oracle.noise([codes, c.channels / c.groups, 3, 3], seed: 2))
    let projection = Projection(
      Oracle.noise([c.batch, c.size.height, c.size.width, c.inputs], seed: 3),
      kernel: ConvolutionKernel(
        Oracle.noise([c.channels, c.inputs, 1, 1], seed: 4), scale: Oracle.noise([c.channels], seed: 5)),
      bias: c.biased ? Oracle.noise([c.channels], seed: 6) : nil)
    let affine = ChannelAffine(
      scale: Oracle.noise([c.channels], seed: 7), shift: Oracle.noise([c.channels], seed: 8))
    let addends = (0..<c.addends).map { Oracle.noise(projection.shape, seed: UInt64(9 + $0)) }
    try #require(backend.adds(projection, to: g, inputs: codes))
    try Threads.with(threads) {
      let before = try projection.input.convolved(
        with: projection.kernel, ConvolutionGeometry(kernel: 1),
        epilogue: ConvolutionEpilogue(bias: projection.bias), on: backend)
      var values: [Tensor] = []
      for added in [nil, projection] {
        // At most two tensors, so that where three would be added the last one comes after.
        let tensors = (added == nil ? [before] : []) + addends
        let epilogue = TransposedEpilogue(
          affine: c.normalizes ? affine : nil, projection: added, addends: Array(tensors.prefix(2)),
          relu: c.relu)
        let sum = try code.transposeConvolved(
          with: decoder, g, outputSize: c.size, epilogue: epilogue, on: backend)
        values.append(
          tensors.count > 2 ? Tensor.sum([Summand(sum), Summand(tensors[2])]) : sum)
      }
      #expect(values[0].elements == values[1].elements)
    }
  }

  /// The result is written over an addend that nobody else holds, and over nothing else.
  @Test func reusesWhatIsFree() throws {
    let backend = ConvolutionBackends.all[0]
    let g = ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 32)
    let code = Oracle.noise([1, 32, 32, 64], seed: 1)
    let decoder = ConvolutionKernel(Oracle.noise([64, 8, 3, 3], seed: 2))
    let input = Oracle.noise([1, 64, 64, 64], seed: 3)
    let projection = Projection(
      input, kernel: ConvolutionKernel(Oracle.noise([256, 64, 1, 1], seed: 4)), bias: nil)
    let kept = Oracle.noise([1, 64, 64, 256], seed: 5)
    let fresh = try code.transposeConvolved(
      with: decoder, g, outputSize: Size2D(64),
      epilogue: TransposedEpilogue(projection: projection, addends: [kept], relu: true), on: backend)
    let free = Tensor(kept.elements, shape: kept.shape)
    let address = free.withUnsafeElements { $0.baseAddress }
    let epilogue = TransposedEpilogue(projection: projection, addends: [consume free], relu: true)
    let reused = try code.transposeConvolved(
      with: decoder, g, outputSize: Size2D(64), epilogue: consume epilogue, on: backend)
    #expect(reused.withUnsafeElements { $0.baseAddress } == address)
    #expect(reused.elements == fresh.elements)
    #expect(kept.elements == Oracle.noise(kept.shape, seed: 5).elements)
    #expect(input.elements == Oracle.noise(input.shape, seed: 3).elements)
  }
}
