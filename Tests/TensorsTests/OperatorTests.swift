import Tensors
import Testing

/// Operators other than convolution against their definitions.
@Suite struct OperatorTests {
  @Test(arguments: [[2, 3, 5, 7], [1, 4, 4, 16], [3, 1, 1, 33], [1, 31, 37, 24]])
  func sumAppliesAffineMapsAndReLU(shape: [Int]) {
    let (x, y, z) = (Oracle.noise(shape, seed: 1), Oracle.noise(shape, seed: 2), Oracle.noise(shape, seed: 3))
    let c = shape[3]
    let affine = ChannelAffine(scale: Oracle.noise([c], seed: 4), shift: Oracle.noise([c], seed: 5))
    for count in 1...3 {
      for mask in 0..<(1 << count) {
        for relu in [false, true] {
          let terms = [x, y, z].prefix(count)
          let summands = terms.enumerated().map { Summand($1, affine: mask >> $0 & 1 == 1 ? affine : nil) }
          let actual = Tensor.sum(summands, relu: relu)
          let expected = (0..<x.count).map { i in
            let sum = terms.enumerated().reduce(Float(0)) { sum, term in
              let value = term.element[i]
              return sum
                + (mask >> term.offset & 1 == 1 ? affine.scale[i % c] * value + affine.shift[i % c] : value)
            }
            return relu ? max(0, sum) : sum
          }
          #expect(Oracle.error(actual, Tensor(expected, shape: shape)) < 1e-6)
        }
      }
    }
  }

  /// A summand that nobody else holds is written over; one that somebody holds never is.
  @Test func sumReusesOnlyWhatIsFree() {
    let kept = Oracle.noise([2, 3, 4, 16], seed: 1)
    let before = kept.elements
    let first = Tensor.sum([Summand(kept), Summand(Oracle.noise([2, 3, 4, 16], seed: 2))], relu: true)
    let second = Tensor.sum([Summand(Oracle.noise([2, 3, 4, 16], seed: 2)), Summand(kept)], relu: true)
    let same = Tensor.sum([Summand(kept), Summand(kept)])
    #expect(kept.elements == before)
    #expect(first.elements == second.elements)
    #expect(same.elements == before.map { $0 + $0 })

    let free = Oracle.noise([2, 3, 4, 16], seed: 2)
    let place = free.withUnsafeElements { $0.baseAddress }
    let last = Tensor.sum([Summand(consume free), Summand(kept)], relu: true)
    #expect(last.withUnsafeElements { $0.baseAddress } == place)
    #expect(last.elements == first.elements)
  }

  @Test func oddValuesAreFound() {
    for odd in [Float.nan, .infinity, -.infinity] {
      for position in [0, 17, 99_999] {
        var x = Tensor(repeating: 3e38, shape: [100_000])
        #expect(x.isFinite)
        x.withUnsafeMutableElements { $0[position] = odd }
        #expect(!x.isFinite)
      }
    }
  }

  @Test func reluKeepsNaN() {
    let x = Tensor([-1, .nan, 2, -.infinity, .infinity], shape: [5]).relu()
    #expect(x[0] == 0 && x[1].isNaN && x[2] == 2 && x[3] == 0 && x[4] == .infinity)
  }

  @Test func sigmoidAndSoftmax() {
    let x = Tensor([-100, -1, 0, 1, 100, 3], shape: [2, 3])
    let expected: [Float] = [0, 0.26894143, 0.5, 0.7310586, 1, 0.95257413]
    #expect(Oracle.error(x.sigmoid(), Tensor(expected, shape: [2, 3])) < 1e-6)
    let soft = Tensor([1000, 1001, 999, -1000, 0, 0], shape: [2, 3]).softmax()
    let softExpected: [Float] = [0.24472848, 0.66524094, 0.09003057, 0, 0.5, 0.5]
    #expect(Oracle.error(soft, Tensor(softExpected, shape: [2, 3])) < 1e-6)
  }

  @Test func channelsAreScaled() {
    let x = Oracle.noise([2, 3, 2, 5])
    let gate = Oracle.noise([2, 5], seed: 9)
    let actual = x.scaled(byChannels: gate)
    for i in 0..<x.count { #expect(actual[i] == x[i] * gate[i / 30 * 5 + i % 5]) }
  }

  @Test func poolingMatchesDefinition() {
    let x = Oracle.noise([2, 7, 6, 3])
    for g in [
      ConvolutionGeometry(kernel: 3, stride: 2, padding: 1), ConvolutionGeometry(kernel: 2, stride: 2),
      ConvolutionGeometry(
        kernel: Size2D(height: 1, width: 3), stride: Size2D(height: 2, width: 1),
        padding: Size2D(height: 0, width: 1)),
    ] {
      let size = g.outputSize(of: Size2D(height: 7, width: 6))
      var (largest, with, without): ([Float], [Float], [Float]) = ([], [], [])
      for n in 0..<2 {
        for oy in 0..<size.height {
          for ox in 0..<size.width {
            for c in 0..<3 {
              var seen: [Float] = []
              for ky in 0..<g.kernel.height {
                for kx in 0..<g.kernel.width {
                  let y = oy * g.stride.height - g.padding.height + ky
                  let xx = ox * g.stride.width - g.padding.width + kx
                  if (0..<7).contains(y), (0..<6).contains(xx) {
                    seen.append(x[((n * 7 + y) * 6 + xx) * 3 + c])
                  }
                }
              }
              largest.append(seen.max() ?? 0)
              let sum = seen.reduce(0, +)
              with.append(sum / Float(g.kernel.height * g.kernel.width))
              without.append(sum / Float(seen.count))
            }
          }
        }
      }
      let shape = [2, size.height, size.width, 3]
      #expect(x.maxPooled(g).elements == largest)
      #expect(Oracle.error(x.averagePooled(g), Tensor(with, shape: shape)) < 1e-6)
      #expect(Oracle.error(x.averagePooled(g, countPadding: false), Tensor(without, shape: shape)) < 1e-6)
    }
    let mean = x.globalAveragePooled()
    for n in 0..<2 {
      for c in 0..<3 {
        let sum = (0..<42).map { x[(n * 42 + $0) * 3 + c] }.reduce(0, +)
        #expect(abs(mean[n * 3 + c] - sum / 42) < 1e-6)
      }
    }
  }

  @Test func maxPoolingKeepsNaN() {
    let x = Tensor([.nan, 1, 2, 3, 1, .nan, 2, 3], shape: [1, 2, 4, 1])
    let pooled = x.maxPooled(ConvolutionGeometry(kernel: 2, stride: 2))
    #expect(pooled[0].isNaN && pooled[1] == 3)
  }

  @Test(arguments: [1, 3], ["onednn", "openblas"])
  func linearMatchesDefinition(rows: Int, backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let (x, w, b) = (
      Oracle.noise([rows, 5]), Oracle.noise([4, 5, 1, 1], seed: 2), Oracle.noise([4], seed: 3)
    )
    for bias in [b, nil] {
      let y = try x.linear(with: ConvolutionKernel(w), bias: bias, on: backend)
      #expect(y.shape == [rows, 4])
      for n in 0..<rows {
        for o in 0..<4 {
          let expected = (0..<5).map { x[n * 5 + $0] * w[o * 5 + $0] }.reduce(bias?[o] ?? 0, +)
          #expect(abs(y[n * 4 + o] - expected) < 1e-6)
        }
      }
    }
  }

  @Test func channelsJoinAndPart() {
    let (a, b) = (Oracle.noise([2, 3, 4, 5]), Oracle.noise([2, 3, 4, 2], seed: 2))
    let joined = Tensor.concatenated([a, b])
    #expect(joined.shape == [2, 3, 4, 7])
    #expect(joined.channels(0..<5).elements == a.elements)
    #expect(joined.channels(5..<7).elements == b.elements)
    let sums = a.channelSum()
    #expect(sums.shape == [2, 3, 4])
    for p in 0..<24 { #expect(abs(sums[p] - (0..<5).map { a[p * 5 + $0] }.reduce(0, +)) < 1e-6) }
  }

  @Test func subsamplingPadsChannels() {
    let x = Oracle.noise([1, 5, 4, 2])
    let y = x.subsampled(stride: 2, channels: 5)
    #expect(y.shape == [1, 3, 2, 5])
    for oy in 0..<3 {
      for ox in 0..<2 {
        for c in 0..<5 {
          let expected = (1...2).contains(c) ? x[((oy * 2) * 4 + ox * 2) * 2 + c - 1] : 0
          #expect(y[(oy * 2 + ox) * 5 + c] == expected)
        }
      }
    }
  }

  @Test func layoutsAreInverse() {
    let x = Oracle.noise([2, 19, 3, 17])
    let first = x.channelsFirst()
    #expect(first.shape == [2, 17, 19, 3])
    #expect(first[((1 * 17 + 4) * 19 + 7) * 3 + 2] == x[((1 * 19 + 7) * 3 + 2) * 17 + 4])
    #expect(first.channelsLast().elements == x.elements)
  }

  /// Numbers from torch.nn.functional.interpolate(mode="bilinear", align_corners=False).
  @Test func bilinearResizeIsHalfPixel() {
    let x = Tensor([0, 1, 2, 3, 4, 5], shape: [1, 2, 3, 1])
    let up = x.resizedBilinear(to: Size2D(height: 3, width: 5))
    let expected: [Float] = [0, 0.4, 1, 1.6, 2, 1.5, 1.9, 2.5, 3.1, 3.5, 3, 3.4, 4, 4.6, 5]
    #expect(Oracle.error(up, Tensor(expected, shape: [1, 3, 5, 1])) < 1e-6)
    #expect(x.resizedBilinear(to: Size2D(height: 2, width: 3)).elements == x.elements)
    #expect(abs(x.resizedBilinear(to: Size2D(1))[0] - 2.5) < 1e-6)
  }
}
