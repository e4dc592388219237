import Tensors
import Testing

/// Convolutions against their definition, on both backends. Tolerance: 1e-5 of the largest value, some tens of
/// float32 roundings over at most a few hundred terms.
@Suite struct ConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var input: [Int]
    var outputs: Int
    var geometry: ConvolutionGeometry
    var testDescription: String {
      let g = geometry
      return "\(input) to \(outputs), kernel \(g.kernel), stride \(g.stride), padding \(g.padding), "
        + "dilation \(g.dilation), groups \(g.groups)"
    }
  }

  static let backends = ["onednn", "openblas"]

  static let cases: [Case] = [
    Case(input: [1, 5, 7, 3], outputs: 4, geometry: ConvolutionGeometry(kernel: 3, padding: 1)),
    Case(input: [2, 9, 6, 16], outputs: 24, geometry: ConvolutionGeometry(kernel: 1)),
    Case(input: [2, 9, 6, 16], outputs: 24, geometry: ConvolutionGeometry(kernel: 1, stride: 2)),
    Case(input: [1, 13, 11, 3], outputs: 8, geometry: ConvolutionGeometry(kernel: 7, stride: 2, padding: 3)),
    Case(
      input: [2, 7, 9, 32], outputs: 16,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 8)),
    Case(
      input: [1, 6, 5, 16], outputs: 16,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 16)),
    // The narrow groups that have a kernel of their own.
    Case(
      input: [2, 7, 9, 32], outputs: 8,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 4)),
    Case(
      input: [1, 10, 11, 48], outputs: 12,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 3)),
    Case(
      input: [1, 3, 2, 16], outputs: 4,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2)),
    Case(
      input: [2, 7, 9, 32], outputs: 16,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 4)),
    Case(
      input: [1, 10, 11, 48], outputs: 24,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 3)),
    Case(
      input: [1, 5, 6, 64], outputs: 16,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2)),
    Case(
      input: [3, 6, 7, 64], outputs: 32,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2)),
    Case(
      input: [2, 4, 5, 128], outputs: 64,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2)),
    Case(
      input: [1, 6, 13, 32], outputs: 8,
      geometry: ConvolutionGeometry(
        kernel: Size2D(height: 1, width: 4), stride: Size2D(height: 1, width: 3),
        padding: Size2D(height: 0, width: 2), groups: 2)),
    Case(
      input: [1, 11, 8, 6], outputs: 9,
      geometry: ConvolutionGeometry(kernel: 3, padding: 2, dilation: 2, groups: 3)),
    Case(
      input: [1, 8, 9, 5], outputs: 3,
      geometry: ConvolutionGeometry(
        kernel: Size2D(height: 2, width: 5), stride: Size2D(height: 1, width: 3),
        padding: Size2D(height: 0, width: 2))),
    Case(
      input: [1, 1, 1, 4], outputs: 4,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2)),
  ]

  @Test(arguments: cases, backends)
  func matchesDefinition(_ c: Case, backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let g = c.geometry
    let x = Oracle.noise(c.input, seed: 1)
    let weights = Oracle.noise([c.outputs, c.input[3] / g.groups, g.kernel.height, g.kernel.width], seed: 2)
    let bias = Oracle.noise([c.outputs], seed: 3)
    let plain = try x.convolved(with: ConvolutionKernel(weights), g, on: backend)
    #expect(Oracle.error(plain, Oracle.convolution(x, weights, g)) < 1e-5)

    let addend = Oracle.noise(plain.shape, seed: 4)
    for (hasAddend, relu) in [(false, false), (false, true), (true, false), (true, true)] {
      let fused = try x.convolved(
        with: ConvolutionKernel(weights), g,
        epilogue: ConvolutionEpilogue(bias: bias, addend: hasAddend ? addend : nil, relu: relu), on: backend)
      let expected = Oracle.convolution(
        x, weights, g, bias: bias, addend: hasAddend ? addend : nil, relu: relu)
      #expect(Oracle.error(fused, expected) < 1e-5, "addend \(hasAddend), relu \(relu)")
    }
  }

  @Test(arguments: backends)
  func scaleMultipliesOutputChannels(backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let x = Oracle.noise([1, 4, 5, 6])
    let weights = Oracle.noise([4, 3, 3, 3], seed: 2)
    let g = ConvolutionGeometry(kernel: 3, padding: 1, groups: 2)
    let scale = Tensor([2, -1, 0, 0.5], shape: [4])
    let scaled = try x.convolved(with: ConvolutionKernel(weights, scale: scale), g, on: backend)
    let plain = Oracle.convolution(x, weights, g)
    let expected = Tensor(plain.elements.enumerated().map { $1 * scale[$0 % 4] }, shape: plain.shape)
    #expect(Oracle.error(scaled, expected) < 1e-5)
  }

  /// Threads share compiled primitives and the pool, and must not see each other's scratch memory.
  @Test(arguments: backends)
  func concurrentCallsAgree(backendName: String) async throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let g = ConvolutionGeometry(kernel: 3, padding: 1)
    let kernel = ConvolutionKernel(Oracle.noise([16, 16, 3, 3], seed: 2))
    let inputs = (0..<4).map { Oracle.noise([8, 32, 32, 16], seed: UInt64($0 + 10)) }
    // With one team's size for all: a library may sum up in another order for another.
    let threads = Threads.count
    @Sendable func convolved(_ index: Int) throws -> [Float] {
      try Threads.with(threads) { try inputs[index].convolved(with: kernel, g, on: backend).elements }
    }
    let serial = try inputs.indices.map(convolved)
    try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for round in 0..<40 { group.addTask { (round % 4, try convolved(round % 4)) } }
      for try await (index, elements) in group {
        let isSame = elements == serial[index]
        #expect(isSame)
      }
    }
  }

  struct TransposedCase: Sendable, CustomTestStringConvertible {
    var input: [Int]
    var outputs: Int
    var geometry: ConvolutionGeometry
    /// Beyond the least size, per axis.
    var outputPadding: Size2D
    var testDescription: String { "\(input) to \(outputs), \(geometry), output padding \(outputPadding)" }
  }

  static let transposedCases: [TransposedCase] =
    [0, 1].flatMap { rows in
      [0, 1].flatMap { columns in
        [(1, 6), (3, 9), (8, 16)].map { groups, outputs in
          TransposedCase(
            input: [2, 4, 3, groups == 3 ? 6 : 8], outputs: outputs,
            geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: groups),
            outputPadding: Size2D(height: rows, width: columns))
        }
      }
    } + [
      TransposedCase(
        input: [1, 5, 4, 4], outputs: 6,
        geometry: ConvolutionGeometry(
          kernel: Size2D(height: 2, width: 4), stride: Size2D(height: 1, width: 3),
          padding: Size2D(height: 0, width: 1), dilation: Size2D(height: 2, width: 1), groups: 2),
        outputPadding: Size2D(height: 0, width: 2))
    ] + grouped + wide

  /// A window of 4 that ends a row and a column later, as decoders without a chessboard have it: our own kernels and
  /// those of libraries, at even and odd sides.
  static let wide: [TransposedCase] = [
    (6, 9, 3), (8, 32, 4), (16, 32, 4), (16, 64, 2), (96, 192, 3), (32, 32, 16), (32, 32, 8), (32, 32, 4),
    (16, 16, 16),
  ].flatMap { inputs, outputs, groups in
    [([2, 4, 3], 1), ([1, 5, 6], 0), ([1, 1, 1], 1), ([1, 1, 1], 0)].map { map, padding in
      TransposedCase(
        input: map + [inputs], outputs: outputs,
        geometry: ConvolutionGeometry(kernel: 4, stride: 2, padding: 1, endPadding: 2, groups: groups),
        outputPadding: Size2D(height: padding, width: 1))
    }
  }

  /// Groups of the widths that have a kernel of their own, on maps of odd sides and one long enough for whole threads.
  static let grouped: [TransposedCase] = [
    (8, 32, 4), (16, 32, 4), (12, 48, 3), (24, 48, 3), (16, 64, 2), (96, 192, 3), (256, 512, 8),
  ].flatMap { inputs, outputs, groups in
    [([2, 4, 3], 1), ([1, 5, 6], 0), ([1, 1, 1], 1)].map { map, padding in
      TransposedCase(
        input: map + [inputs], outputs: outputs,
        geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: groups),
        outputPadding: Size2D(height: padding, width: 1))
    }
  }

  @Test(arguments: transposedCases, backends)
  func transposedMatchesDefinition(_ c: TransposedCase, backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let g = c.geometry
    let x = Oracle.noise(c.input, seed: 5)
    let weights = Oracle.noise([c.input[3], c.outputs / g.groups, g.kernel.height, g.kernel.width], seed: 6)
    var size = g.transposedOutputSize(of: Size2D(height: x.height, width: x.width))
    size.height += c.outputPadding.height
    size.width += c.outputPadding.width
    let kernel = ConvolutionKernel(weights)
    let actual = try x.transposeConvolved(with: kernel, g, outputSize: size, on: backend)
    let plain = Oracle.transposedConvolution(x, weights, g, size: size)
    #expect(Oracle.error(actual, plain) < 1e-5)

    // With the end of a block: affine map, addends, ReLU; and written over an addend that nobody else holds.
    let affine = ChannelAffine(
      scale: Oracle.noise([c.outputs], seed: 7), shift: Oracle.noise([c.outputs], seed: 8))
    let addends = [9, 10].map { Oracle.noise(plain.shape, seed: $0) }
    for (hasAffine, count, relu) in [(true, 2, true), (true, 0, false), (false, 1, true), (false, 2, false)] {
      let terms =
        [Summand(plain, affine: hasAffine ? affine : nil)] + addends.prefix(count).map { Summand($0) }
      let expected = Tensor.sum(terms, relu: relu)
      func epilogue(_ addends: [Tensor]) -> TransposedEpilogue {
        TransposedEpilogue(affine: hasAffine ? affine : nil, addends: addends, relu: relu)
      }
      let kept = Array(addends.prefix(count))
      let fused = try x.transposeConvolved(
        with: kernel, g, outputSize: size, epilogue: epilogue(kept), on: backend)
      #expect(Oracle.error(fused, expected) < 1e-5, "affine \(hasAffine), \(count) addends, relu \(relu)")
      let over = try x.transposeConvolved(
        with: kernel, g, outputSize: size,
        epilogue: epilogue(kept.map { Tensor($0.elements, shape: $0.shape) }), on: backend)
      #expect(over.elements == fused.elements)
    }
    // NaN is no reason to be clamped.
    let odd = Tensor(repeating: .nan, shape: plain.shape)
    let nan = try x.transposeConvolved(
      with: kernel, g, outputSize: size, epilogue: TransposedEpilogue(addends: [odd], relu: true), on: backend
    )
    #expect(nan.elements.allSatisfy { $0.isNaN })
    #expect(addends.map(\.elements) == [9, 10].map { Oracle.noise(plain.shape, seed: $0).elements })
  }

  /// A decoder's result is written over the addend that nobody else holds, whichever it is.
  @Test func transposedReusesOnlyWhatIsFree() throws {
    let c = Self.grouped[0]
    let x = Oracle.noise(c.input, seed: 5)
    let kernel = ConvolutionKernel(Oracle.noise([c.input[3], c.outputs / c.geometry.groups, 3, 3], seed: 6))
    let size = Size2D(height: 2 * c.input[1], width: 2 * c.input[2])
    let kept = Oracle.noise([c.input[0], size.height, size.width, c.outputs], seed: 7)
    let before = kept.elements
    for place in [0, 1] {
      let free = Oracle.noise(kept.shape, seed: 8)
      let address = free.withUnsafeElements { $0.baseAddress }
      var addends = [kept]
      addends.insert(consume free, at: place)
      let epilogue = TransposedEpilogue(addends: consume addends)
      let output = try x.transposeConvolved(
        with: kernel, c.geometry, outputSize: size, epilogue: consume epilogue, on: ConvolutionBackends.all[0]
      )
      #expect(output.withUnsafeElements { $0.baseAddress } == address)
      #expect(kept.elements == before)
    }
  }

  /// Few lines are shared out by channels, also unevenly.
  @Test(arguments: [1, 2, 3, 7]) func transposedOnAnyTeam(threads: Int) throws {
    let before = Threads.count
    defer { Threads.use(before) }
    Threads.use(threads)
    let g = ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 16)
    let x = Oracle.noise([1, 2, 2, 128], seed: 5)
    let weights = Oracle.noise([128, 32, 3, 3], seed: 6)
    let actual = try x.transposeConvolved(
      with: ConvolutionKernel(weights), g, outputSize: Size2D(3), on: ConvolutionBackends.all[0])
    #expect(Oracle.error(actual, Oracle.transposedConvolution(x, weights, g, size: Size2D(3))) < 1e-5)
  }
}
