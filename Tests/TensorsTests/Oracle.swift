import Tensors

/// Operators written down as their definitions, in double, without a thought for speed.
enum Oracle {
  static func convolution(
    _ x: Tensor, _ weights: Tensor, _ g: ConvolutionGeometry, bias: Tensor? = nil, addend: Tensor? = nil,
    relu: Bool = false
  ) -> Tensor {
    let size = g.outputSize(of: Size2D(height: x.height, width: x.width))
    let (outs, ins) = (weights.shape[0], weights.shape[1])
    let (values, kernel) = (x.elements, weights.elements)
    var result: [Float] = []
    for n in 0..<x.batch {
      for oy in 0..<size.height {
        for ox in 0..<size.width {
          for o in 0..<outs {
            var sum = bias.map { Double($0[o]) } ?? 0
            for i in 0..<ins {
              let channel = o / (outs / g.groups) * ins + i
              for ky in 0..<g.kernel.height {
                for kx in 0..<g.kernel.width {
                  let y = oy * g.stride.height - g.padding.height + ky * g.dilation.height
                  let xx = ox * g.stride.width - g.padding.width + kx * g.dilation.width
                  guard (0..<x.height).contains(y), (0..<x.width).contains(xx) else { continue }
                  let value = values[((n * x.height + y) * x.width + xx) * x.channels + channel]
                  sum +=
                    Double(value)
                    * Double(kernel[((o * ins + i) * g.kernel.height + ky) * g.kernel.width + kx])
                }
              }
            }
            if let addend { sum += Double(addend[result.count]) }
            result.append(Float(relu ? max(0, sum) : sum))
          }
        }
      }
    }
    return Tensor(result, shape: [x.batch, size.height, size.width, outs])
  }

  static func transposedConvolution(
    _ x: Tensor, _ weights: Tensor, _ g: ConvolutionGeometry, size: Size2D
  ) -> Tensor {
    let (ins, outs) = (weights.shape[0] / g.groups, weights.shape[1])
    let channels = outs * g.groups
    var result = [Double](repeating: 0, count: x.batch * size.height * size.width * channels)
    let (values, kernel) = (x.elements, weights.elements)
    for n in 0..<x.batch {
      for iy in 0..<x.height {
        for ix in 0..<x.width {
          for i in 0..<x.channels {
            let value = Double(values[((n * x.height + iy) * x.width + ix) * x.channels + i])
            for o in 0..<outs {
              for ky in 0..<g.kernel.height {
                for kx in 0..<g.kernel.width {
                  let y = iy * g.stride.height - g.padding.height + ky * g.dilation.height
                  let xx = ix * g.stride.width - g.padding.width + kx * g.dilation.width
                  guard (0..<size.height).contains(y), (0..<size.width).contains(xx) else { continue }
                  let at = ((n * size.height + y) * size.width + xx) * channels + i / ins * outs + o
                  let weight = kernel[((i * outs + o) * g.kernel.height + ky) * g.kernel.width + kx]
                  result[at] += value * Double(weight)
                }
              }
            }
          }
        }
      }
    }
    return Tensor(result.map(Float.init), shape: [x.batch, size.height, size.width, channels])
  }

  /// Numbers in [-1, 1) that look random and are the same everywhere.
  static func noise(_ shape: [Int], seed: UInt64 = 1) -> Tensor {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    return Tensor(shape: shape) { buffer in
      for i in buffer.indices {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        buffer[i] = Float(Int64(bitPattern: state) >> 33) / Float(1 << 30)
      }
    }
  }

  /// Largest difference, relative to the expected largest magnitude.
  static func error(_ actual: Tensor, _ expected: Tensor) -> Float {
    guard actual.shape == expected.shape else { return .infinity }
    let scale = max(1e-6, expected.elements.map(abs).max() ?? 0)
    // `max` would pass over NaN.
    guard actual.elements.allSatisfy(\.isFinite) else { return .infinity }
    return zip(actual.elements, expected.elements).map { abs($0 - $1) }.reduce(0, max) / scale
  }
}

extension Oracle {
  /// The gradient of a convolution's weights, from its definition, in double.
  static func weightGradient(
    _ x: Tensor, _ gradient: Tensor, _ g: ConvolutionGeometry, weights shape: [Int]
  ) -> Tensor {
    let (outs, ins) = (shape[0], shape[1])
    var result = [Double](repeating: 0, count: shape.reduce(1, *))
    let (values, gradients) = (x.elements, gradient.elements)
    for n in 0..<x.batch {
      for oy in 0..<gradient.height {
        for ox in 0..<gradient.width {
          for o in 0..<outs {
            let up = Double(gradients[((n * gradient.height + oy) * gradient.width + ox) * outs + o])
            for i in 0..<ins {
              let channel = o / (outs / g.groups) * ins + i
              for ky in 0..<g.kernel.height {
                for kx in 0..<g.kernel.width {
                  let y = oy * g.stride.height - g.padding.height + ky * g.dilation.height
                  let xx = ox * g.stride.width - g.padding.width + kx * g.dilation.width
                  guard (0..<x.height).contains(y), (0..<x.width).contains(xx) else { continue }
                  let value = Double(values[((n * x.height + y) * x.width + xx) * x.channels + channel])
                  result[((o * ins + i) * g.kernel.height + ky) * g.kernel.width + kx] += up * value
                }
              }
            }
          }
        }
      }
    }
    return Tensor(result.map(Float.init), shape: shape)
  }

  /// The gradient of a function of some numbers by central differences, in double.
  static func gradient(of function: ([Double]) -> Double, at point: [Float], step: Double = 1e-5) -> [Float] {
    var x = point.map(Double.init)
    return x.indices.map { i in
      let middle = x[i]
      x[i] = middle + step
      let above = function(x)
      x[i] = middle - step
      let below = function(x)
      x[i] = middle
      return Float((above - below) / (2 * step))
    }
  }

  /// Σ a · b.
  static func dot(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
