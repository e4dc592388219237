import CKernels
import COpenBLAS

/// Convolutions as matrix products (im2col and sgemm): the portable fallback, and the oracle of the fast one.
public struct OpenBLASBackend: ConvolutionBackend {
  /// "openblas".
  public let name = "openblas"
  /// Where a product is cut for its threads, sums may be, too.
  public let ignoresThreads = false

  /// Floats in the unfolded matrix at a time, so that memory does not grow with the image.
  private static let matrixCapacity = 1 << 20
  /// As `ConvolutionBackend` says: one matrix product for each image and group, the epilogue in a pass behind.
  public func convolution(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry,
    epilogue: ConvolutionEpilogue
  ) throws(EngineError) -> Tensor {
    let size = geometry.outputSize(of: Size2D(height: input.height, width: input.width))
    let (inGroup, outChannels) = (kernel.weights.shape[1], kernel.weights.shape[0])
    let outGroup = outChannels / geometry.groups
    let depth = geometry.kernel.height * geometry.kernel.width * inGroup
    let positions = size.height * size.width
    let output = Tensor(uninitialized: [input.batch, size.height, size.width, outChannels])
    // [groups][kernel row, kernel column, in][out]
    let packed = kernel.layout(.matrix(groups: geometry.groups)) { weights in
      Self.pack(weights, groups: geometry.groups) { o, i, tap, _ in
        (tap * inGroup + i) * outGroup + o
      }
    }
    let rows = max(1, min(positions, Self.matrixCapacity / depth))
    let matrix = Storage(count: rows * depth)
    for n in 0..<input.batch {
      let image = input.storage.pointer + n * input.height * input.width * input.channels
      for group in 0..<geometry.groups {
        var unfolding = Self.unfolding(
          geometry, size: Size2D(height: input.height, width: input.width), channels: input.channels,
          group: group, groupChannels: inGroup, outWidth: size.width)
        for first in stride(from: 0, to: positions, by: rows) {
          let last = min(first + rows, positions)
          edviz_unfold(matrix.pointer, image, &unfolding, Int64(first), Int64(last))
          cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(last - first), Int32(outGroup), Int32(depth), 1,
            matrix.pointer, Int32(depth), packed.pointer + group * depth * outGroup, Int32(outGroup), 0,
            output.storage.pointer + (n * positions + first) * outChannels + group * outGroup,
            Int32(outChannels))
        }
      }
    }
    return Self.apply(epilogue, to: output)
  }

  /// As `ConvolutionBackend` says: products of pixels and weights, added up where their windows overlap.
  public func transposedConvolution(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, outputSize: Size2D,
    epilogue: consuming TransposedEpilogue
  ) throws(EngineError) -> Tensor {
    let (inGroup, outGroup) = (kernel.weights.shape[0] / geometry.groups, kernel.weights.shape[1])
    let channels = outGroup * geometry.groups
    let depth = geometry.kernel.height * geometry.kernel.width * outGroup
    let positions = input.height * input.width
    let output = Tensor(shape: [input.batch, outputSize.height, outputSize.width, channels])
    // [groups][in][kernel row, kernel column, out]
    let packed = kernel.layout(.transposedMatrix(groups: geometry.groups)) { weights in
      Self.pack(weights, groups: geometry.groups) { i, o, tap, taps in
        (i * taps + tap) * outGroup + o
      }
    }
    let rows = max(1, min(positions, Self.matrixCapacity / depth))
    let matrix = Storage(count: rows * depth)
    for n in 0..<input.batch {
      let image = output.storage.pointer + n * outputSize.height * outputSize.width * channels
      for group in 0..<geometry.groups {
        var unfolding = Self.unfolding(
          geometry, size: outputSize, channels: channels, group: group, groupChannels: outGroup,
          outWidth: input.width)
        for first in stride(from: 0, to: positions, by: rows) {
          let last = min(first + rows, positions)
          cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(last - first), Int32(depth), Int32(inGroup), 1,
            input.storage.pointer + (n * positions + first) * input.channels + group * inGroup,
            Int32(input.channels), packed.pointer + group * inGroup * depth, Int32(depth), 0, matrix.pointer,
            Int32(depth))
          edviz_fold(image, matrix.pointer, &unfolding, Int64(first), Int64(last))
        }
      }
    }
    return epilogue.applied(to: output)
  }

  /// Never.
  public func adds(_ projection: Projection, to geometry: ConvolutionGeometry, inputs: Int) -> Bool { false }

  /// As `ConvolutionBackend` says: products of unfolded pixels and gradients, added up over the images.
  public func weightGradient(
    input: Tensor, outputGradient: Tensor, _ geometry: ConvolutionGeometry,
    into target: UnsafeMutableBufferPointer<Float>, accumulating: Bool
  ) throws(EngineError) {
    let (inGroup, outGroup) = (
      input.channels / geometry.groups, outputGradient.channels / geometry.groups
    )
    let taps = geometry.kernel.height * geometry.kernel.width
    let depth = taps * inGroup
    let positions = outputGradient.height * outputGradient.width
    let rows = max(1, min(positions, Self.matrixCapacity / depth))
    let matrix = Storage(count: rows * depth)
    // [out][kernel row, kernel column, in] of one group.
    let product = Storage(count: outGroup * depth)
    for group in 0..<geometry.groups {
      var unfolding = Self.unfolding(
        geometry, size: Size2D(height: input.height, width: input.width), channels: input.channels,
        group: group, groupChannels: inGroup, outWidth: outputGradient.width)
      var isFirst = true
      for n in 0..<input.batch {
        let image = input.storage.pointer + n * input.height * input.width * input.channels
        for first in stride(from: 0, to: positions, by: rows) {
          let last = min(first + rows, positions)
          edviz_unfold(matrix.pointer, image, &unfolding, Int64(first), Int64(last))
          cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(outGroup), Int32(depth), Int32(last - first), 1,
            outputGradient.storage.pointer + (n * positions + first) * outputGradient.channels
              + group * outGroup,
            Int32(outputGradient.channels), matrix.pointer, Int32(depth), isFirst ? 0 : 1, product.pointer,
            Int32(depth))
          isFirst = false
        }
      }
      for o in 0..<outGroup {
        for i in 0..<inGroup {
          for tap in 0..<taps {
            let place = ((group * outGroup + o) * inGroup + i) * taps + tap
            let value = product.pointer[(o * taps + tap) * inGroup + i]
            target[place] = accumulating ? target[place] + value : value
          }
        }
      }
    }
  }

  /// Reorders [groups · a, b, kH, kW] weights: within each group the element (a, b, tap) goes to the place that
  /// `place(a, b, tap, taps)` names.
  private static func pack(
    _ weights: Tensor, groups: Int, place: (_ a: Int, _ b: Int, _ tap: Int, _ taps: Int) -> Int
  ) -> Storage {
    let (a, b) = (weights.shape[0] / groups, weights.shape[1])
    let taps = weights.shape[2] * weights.shape[3]
    let packed = Storage(count: weights.count)
    weights.withUnsafeElements { source in
      var position = 0
      for group in 0..<groups {
        let start = group * a * b * taps
        for i in 0..<a {
          for j in 0..<b {
            for tap in 0..<taps {
              packed.pointer[start + place(i, j, tap, taps)] = source[position]
              position += 1
            }
          }
        }
      }
    }
    return packed
  }

  private static func unfolding(
    _ g: ConvolutionGeometry, size: Size2D, channels: Int, group: Int, groupChannels: Int, outWidth: Int
  ) -> edviz_unfolding {
    edviz_unfolding(
      height: Int64(size.height), width: Int64(size.width), channels: Int64(channels),
      group_offset: Int64(group * groupChannels), group_channels: Int64(groupChannels),
      out_width: Int64(outWidth), kernel_height: Int64(g.kernel.height),
      kernel_width: Int64(g.kernel.width), stride_height: Int64(g.stride.height),
      stride_width: Int64(g.stride.width), dilation_height: Int64(g.dilation.height),
      dilation_width: Int64(g.dilation.width), pad_top: Int64(g.padding.height),
      pad_left: Int64(g.padding.width))
  }

  private static func apply(_ epilogue: ConvolutionEpilogue, to output: consuming Tensor) -> Tensor {
    guard epilogue.bias != nil || epilogue.addend != nil || epilogue.relu else { return output }
    var summands = [Summand(output, affine: epilogue.bias.map(ChannelAffine.init(shift:)))]
    if let addend = epilogue.addend { summands.append(Summand(addend)) }
    return Tensor.sum(summands, relu: epilogue.relu)
  }
}
