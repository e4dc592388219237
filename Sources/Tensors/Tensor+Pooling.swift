import CKernels

extension Tensor {
  /// Largest value under each window; padding never wins. As torch.nn.MaxPool2d without dilation.
  public func maxPooled(_ geometry: ConvolutionGeometry) -> Tensor {
    pooled(geometry) { output, window in edviz_max_pool(output, storage.pointer, window) }
  }

  /// As `maxPooled`, with what its gradient needs.
  public func maxPooledWithPlaces(_ geometry: ConvolutionGeometry) -> (output: Tensor, places: PoolingPlaces)
  {
    precondition(geometry.kernel.height * geometry.kernel.width <= 256, "a place is one byte")
    var places: PoolingPlaces?
    let output = pooled(geometry) { output, window in
      let found = PoolingPlaces(
        count: Int(window.pointee.batch * window.pointee.out_height * window.pointee.out_width) * channels)
      edviz_max_pool_places(output, found.pointer, storage.pointer, window)
      places = found
    }
    guard let places else { preconditionFailure("pooling calls its body") }
    return (output, places)
  }

  /// The gradient of `maxPooled`'s input, which had the shape `input`: each window's gradient goes to the first of its
  /// largest values, as in PyTorch. Self is the gradient of its output.
  public func maxPooledGradient(
    input: [Int], _ geometry: ConvolutionGeometry, places: PoolingPlaces
  ) -> Tensor {
    let output = Tensor(uninitialized: input)
    var window = output.window(geometry)
    precondition(places.count == count, "places of another pooling")
    edviz_max_pool_gradient(output.storage.pointer, storage.pointer, places.pointer, &window)
    return output
  }

  /// The gradient of `averagePooled`'s input, which had the shape `input`; self is the gradient of its output.
  public func averagePooledGradient(
    input: [Int], _ geometry: ConvolutionGeometry, countPadding: Bool = true
  ) -> Tensor {
    let output = Tensor(uninitialized: input)
    var window = output.window(geometry)
    edviz_average_pool_gradient(output.storage.pointer, storage.pointer, &window, countPadding ? 1 : 0)
    return output
  }

  /// Mean under each window. As torch.nn.AvgPool2d; with `countPadding` zeros outside the map count.
  public func averagePooled(_ geometry: ConvolutionGeometry, countPadding: Bool = true) -> Tensor {
    pooled(geometry) { output, window in
      edviz_average_pool(output, storage.pointer, window, countPadding ? 1 : 0)
    }
  }

  /// A binomial 3×3 window (1 2 1)² / 16 at every `stride`-th position; what lies outside the map is mirrored at its edge.
  public func blurred(stride: Int) -> Tensor {
    pooled(Self.blur(stride)) { output, window in edviz_blur(output, storage.pointer, window) }
  }

  /// The gradient of `blurred`'s input, which had the shape `input`; self is the gradient of its output.
  public func blurredGradient(input: [Int], stride: Int) -> Tensor {
    let output = Tensor(uninitialized: input)
    var window = output.window(Self.blur(stride))
    edviz_blur_gradient(output.storage.pointer, storage.pointer, &window)
    return output
  }

  private static func blur(_ stride: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(kernel: 3, stride: stride, padding: 1)
  }

  /// Mean over all positions: [N, H, W, C] to [N, C].
  public func globalAveragePooled() -> Tensor {
    let output = Tensor(uninitialized: [batch, channels])
    edviz_global_average(
      output.storage.pointer, storage.pointer, Int64(batch), Int64(height * width), Int64(channels))
    return output
  }

  /// The gradient of `globalAveragePooled`'s input, which was of `size`; self is the gradient of its output, [N, C].
  public func globalAveragePooledGradient(input size: Size2D) -> Tensor {
    let output = Tensor(uninitialized: [shape[0], size.height, size.width, shape[1]])
    edviz_global_average_gradient(
      output.storage.pointer, storage.pointer, Int64(shape[0]), Int64(size.height * size.width),
      Int64(shape[1]))
    return output
  }

  private func pooled(
    _ geometry: ConvolutionGeometry,
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<edviz_window>) -> Void
  ) -> Tensor {
    let size = geometry.outputSize(of: Size2D(height: height, width: width))
    precondition(size.height > 0 && size.width > 0, "the window does not fit \(shape)")
    precondition(
      geometry.dilation == Size2D(1) && geometry.groups == 1, "pooling knows no dilation or groups")
    precondition(
      geometry.padding.height * 2 <= geometry.kernel.height
        && geometry.padding.width * 2 <= geometry.kernel.width,
      "padding is at most half of the window")
    let output = Tensor(uninitialized: [batch, size.height, size.width, channels])
    var window = window(geometry)
    body(output.storage.pointer, &window)
    return output
  }

  /// The windows of a pooling that reads self.
  private func window(_ geometry: ConvolutionGeometry) -> edviz_window {
    let size = geometry.outputSize(of: Size2D(height: height, width: width))
    return edviz_window(
      batch: Int64(batch), height: Int64(height), width: Int64(width), channels: Int64(channels),
      out_height: Int64(size.height), out_width: Int64(size.width),
      kernel_height: Int64(geometry.kernel.height), kernel_width: Int64(geometry.kernel.width),
      stride_height: Int64(geometry.stride.height), stride_width: Int64(geometry.stride.width),
      pad_top: Int64(geometry.padding.height), pad_left: Int64(geometry.padding.width))
  }
}

/// Where in its window each largest value of a max-pooling stood: one byte each.
public final class PoolingPlaces {
  let pointer: UnsafeMutablePointer<UInt8>
  let count: Int
  private let storage: Storage

  init(count: Int) {
    self.count = count
    storage = Storage(count: (count + 3) / 4)
    pointer = UnsafeMutableRawPointer(storage.pointer).assumingMemoryBound(to: UInt8.self)
  }
}
