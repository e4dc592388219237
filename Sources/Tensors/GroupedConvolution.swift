import CKernels

/// Our own kernels for convolutions in groups that narrow, and for those that widen the other way: encoders and decoders of
/// an ED path with 32 groups, and their gradients, which libraries compute at a small part of the processor's speed.
enum GroupedConvolution {
  /// Whether the kernels compute this.
  static func handles(_ geometry: ConvolutionGeometry, channels: Int, outputs: Int) -> Bool {
    let inGroup = channels / geometry.groups
    let outGroup = outputs / geometry.groups
    let fits = inGroup == 8 ? outGroup == 2 || outGroup == 4 : inGroup % 16 == 0 && outGroup % 4 == 0
    // In wider groups a library's matrix products are as fast.
    return fits && geometry.groups > 1 && inGroup <= 64 && outGroup < inGroup
      && channels % 16 == 0 && channels <= Int(EDVIZ_GROUPED_MOST_CHANNELS)
      && geometry.kernel.height * geometry.kernel.width <= Int(EDVIZ_GROUPED_MOST_TAPS)
      && geometry.dilation == Size2D(1)
  }

  /// Whether they also compute the gradient of its weights.
  static func handlesWeightGradient(_ geometry: ConvolutionGeometry, channels: Int, outputs: Int) -> Bool {
    handles(geometry, channels: channels, outputs: outputs)
      && (3...4).contains(geometry.kernel.width)
  }

  /// As `Tensor.convolved` without an addend.
  static func convolve(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry,
    epilogue: ConvolutionEpilogue
  ) -> Tensor {
    let outputs = kernel.weights.shape[0]
    let groups = Groups(geometry, channels: input.channels, outputs: outputs)
    let packed = kernel.layout(.vectors(groups: geometry.groups, transposed: false)) { weights in
      let packed = Storage(count: weights.count)
      weights.withUnsafeElements { source in
        groups.visit { packed.pointer[$0] = source[$1] }
      }
      return packed
    }
    let size = geometry.outputSize(of: Size2D(height: input.height, width: input.width))
    let bias = epilogue.bias ?? Tensor(shape: [outputs])
    let output = Tensor(uninitialized: [input.batch, size.height, size.width, outputs])
    var window = edviz_window(
      geometry, batch: input.batch, channels: input.channels,
      large: Size2D(height: input.height, width: input.width), small: size)
    withExtendedLifetime((packed, bias)) {
      edviz_grouped_convolution(
        output.storage.pointer, input.storage.pointer, packed.pointer, bias.storage.pointer, &window,
        Int32(groups.inGroup), Int32(groups.outGroup), epilogue.relu ? 1 : 0)
    }
    return output
  }

  /// As `Tensor.transposeConvolved`.
  static func transposeConvolve(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, outputSize: Size2D,
    epilogue: consuming TransposedEpilogue
  ) -> Tensor {
    let channels = kernel.weights.shape[1] * geometry.groups
    let groups = Groups(geometry, channels: channels, outputs: input.channels)
    let packed = kernel.layout(.vectors(groups: geometry.groups, transposed: true)) { weights in
      let packed = Storage(count: weights.count)
      weights.withUnsafeElements { source in
        groups.visitTransposed { packed.pointer[$0] = source[$1] }
      }
      return packed
    }
    let free = epilogue.freeAddend()
    let output =
      free.map { epilogue.addends[$0] }
      ?? Tensor(uninitialized: [input.batch, outputSize.height, outputSize.width, channels])
    var window = edviz_window(
      geometry, batch: input.batch, channels: channels, large: outputSize,
      small: Size2D(height: input.height, width: input.width))
    let addends = epilogue.addends.map { UnsafePointer<Float>?($0.storage.pointer) }
    func run(_ projection: UnsafePointer<edviz_projection>?) {
      edviz_grouped_transposed(
        output.storage.pointer, input.storage.pointer, packed.pointer, &window, Int32(groups.inGroup),
        Int32(groups.outGroup), epilogue.affine?.scale.storage.pointer,
        epilogue.affine?.shift.storage.pointer,
        addends, Int32(addends.count), epilogue.relu ? 1 : 0, projection)
    }
    if let projection = epilogue.projection {
      let panels = PointwiseConvolution.panels(of: projection.kernel, transposed: false)
      let scratch = Storage(count: Int(edviz_projection_scratch(&window)))
      withExtendedLifetime((panels, scratch)) {
        var pieces = edviz_projection(
          in: projection.input.storage.pointer, weights: panels.pointer,
          bias: projection.bias?.storage.pointer, inputs: Int64(projection.input.channels),
          scratch: scratch.pointer)
        run(&pieces)
      }
    } else {
      run(nil)
    }
    withExtendedLifetime((packed, epilogue, input)) {}
    return output
  }

  /// As `Tensor.convolutionWeightGradient`.
  static func weightGradient(
    _ input: Tensor, _ gradient: Tensor, _ geometry: ConvolutionGeometry,
    into target: UnsafeMutableBufferPointer<Float>, accumulating: Bool
  ) {
    let groups = Groups(geometry, channels: input.channels, outputs: gradient.channels)
    var window = edviz_window(
      geometry, batch: input.batch, channels: input.channels,
      large: Size2D(height: input.height, width: input.width),
      small: Size2D(height: gradient.height, width: gradient.width))
    let parts = Int(edviz_batch_parts(&window))
    let sums = Storage(count: parts * target.count)
    withExtendedLifetime(sums) {
      edviz_grouped_weights(
        sums.pointer, input.storage.pointer, gradient.storage.pointer, &window, Int32(groups.inGroup),
        Int32(groups.outGroup), Int64(parts))
      groups.visit { place, position in
        var total: Float = accumulating ? target[position] : 0
        for part in 0..<parts { total += sums.pointer[part * target.count + place] }
        target[position] = total
      }
    }
  }

  /// Where the kernels keep what PyTorch has at [out, in/groups, kH, kW].
  private struct Groups {
    let groups: Int
    let inGroup: Int
    let outGroup: Int
    let taps: Int

    init(_ geometry: ConvolutionGeometry, channels: Int, outputs: Int) {
      groups = geometry.groups
      inGroup = channels / groups
      outGroup = outputs / groups
      taps = geometry.kernel.height * geometry.kernel.width
    }

    /// Calls `body` for each weight with its place in [channels / 16][tap][output][lane] and its position in PyTorch's
    /// order.
    func visitTransposed(_ body: (_ place: Int, _ position: Int) -> Void) {
      for output in 0..<groups * outGroup {
        let (group, within) = (output / outGroup, output % outGroup)
        for input in 0..<inGroup {
          let channel = group * inGroup + input
          let row = (output * inGroup + input) * taps
          for tap in 0..<taps {
            body(((channel / 16 * taps + tap) * outGroup + within) * 16 + channel % 16, row + tap)
          }
        }
      }
    }

    /// Calls `body` for each weight with its place in [block][tap][vector of 16 inputs][output][lane] and its position
    /// in PyTorch's order.
    func visit(_ body: (_ place: Int, _ position: Int) -> Void) {
      let vectors = max(1, inGroup / 16)
      let blockOutputs = inGroup == 8 ? outGroup : 4
      for output in 0..<groups * outGroup {
        let (group, within) = (output / outGroup, output % outGroup)
        let block = inGroup == 8 ? group / 2 : output / 4
        let firstLane = inGroup == 8 ? group % 2 * 8 : 0
        for input in 0..<inGroup {
          let lane = firstLane + input % 16
          let row = (output * inGroup + input) * taps
          for tap in 0..<taps {
            let vector = (block * taps + tap) * vectors + input / 16
            body((vector * blockOutputs + within % blockOutputs) * 16 + lane, row + tap)
          }
        }
      }
    }
  }
}
