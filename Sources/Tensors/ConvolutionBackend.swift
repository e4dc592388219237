import Glibc

/// What a convolution does to its result before it writes it: add a bias, add a tensor, clamp below at zero, in
/// this order.
public struct ConvolutionEpilogue: Sendable {
  /// [out], or none.
  public var bias: Tensor?
  /// A tensor of the output's shape, or none.
  public var addend: Tensor?
  /// Clamp below at zero.
  public var relu: Bool

  /// No part is on unless given.
  public init(bias: Tensor? = nil, addend: Tensor? = nil, relu: Bool = false) {
    self.bias = bias
    self.addend = addend
    self.relu = relu
  }
}

/// A library that computes convolutions of NHWC activations.
///
/// Callers have checked shapes; an implementation throws only what its library reports.
public protocol ConvolutionBackend: Sendable {
  /// The name that `EDVIZ_BACKEND` calls it by.
  var name: String { get }

  /// Whether a convolution gives the same bits for any number of threads.
  var ignoresThreads: Bool { get }

  /// As torch.nn.functional.conv2d: [N, H, W, in] to [N, H', W', out].
  func convolution(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry,
    epilogue: ConvolutionEpilogue
  ) throws(EngineError) -> Tensor

  /// As torch.nn.functional.conv_transpose2d without bias; the output padding is what `outputSize` asks beyond
  /// `geometry.transposedOutputSize`, less than the stride. Without epilogue this is also a convolution's data gradient.
  func transposedConvolution(
    _ input: Tensor, _ kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, outputSize: Size2D,
    epilogue: consuming TransposedEpilogue
  ) throws(EngineError) -> Tensor

  /// Whether `transposedConvolution` of this geometry from `inputs` channels adds the projection to its result, and that is
  /// faster than computing it before.
  func adds(_ projection: Projection, to geometry: ConvolutionGeometry, inputs: Int) -> Bool

  /// The gradient of a convolution's weights [out, in/groups, kH, kW], from what it read and the gradient of what it
  /// wrote; written to `target`, or added to what is there. With the two tensors' roles swapped, that of a transposed
  /// convolution.
  func weightGradient(
    input: Tensor, outputGradient: Tensor, _ geometry: ConvolutionGeometry,
    into target: UnsafeMutableBufferPointer<Float>, accumulating: Bool
  ) throws(EngineError)
}

/// The backends there are.
public enum ConvolutionBackends {
  /// oneDNN first: it is the fast one.
  public static let all: [any ConvolutionBackend] = [OneDNNBackend.shared, OpenBLASBackend()]

  /// The one that the environment variable `EDVIZ_BACKEND` names, else oneDNN.
  public static let preferred: any ConvolutionBackend = all.first { $0.name == asked } ?? OneDNNBackend.shared

  private static var asked: String? { getenv("EDVIZ_BACKEND").map { String(cString: $0) } }

  /// What is wrong with the environment variables that choose how to compute, as a sentence; nil if nothing is.
  public static var environmentMistake: String? {
    let levels = ["avx512", "avx2", "portable"]
    if let asked, !all.contains(where: { $0.name == asked }) {
      return "EDVIZ_BACKEND is '\(asked)', but must be \(all.map(\.name).joined(separator: " or "))"
    }
    if let level = getenv("EDVIZ_CPU").map({ String(cString: $0) }), !levels.contains(level) {
      return "EDVIZ_CPU is '\(level)', but must be \(levels.joined(separator: " or "))"
    }
    return nil
  }
}

extension Tensor {
  /// Convolution with PyTorch's semantics.
  /// - Precondition: channels divide by the groups and match the weights.
  /// - Throws: `EngineError`, also if the map is smaller than the window.
  public func convolved(
    with kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry,
    epilogue: ConvolutionEpilogue = ConvolutionEpilogue(),
    on backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) throws(EngineError) -> Tensor {
    let weights = kernel.weights.shape
    let size = geometry.outputSize(of: Size2D(height: height, width: width))
    precondition(channels == weights[1] * geometry.groups, "\(channels) channels do not match \(weights)")
    precondition(weights[0] % geometry.groups == 0, "\(geometry.groups) groups do not divide \(weights[0])")
    precondition(weights[2] == geometry.kernel.height && weights[3] == geometry.kernel.width)
    guard size.height > 0, size.width > 0 else {
      throw EngineError(
        description: "a map of \(height)×\(width) is too small for a window of "
          + "\(geometry.kernel) padded by \(geometry.padding); larger pictures are needed")
    }
    precondition(epilogue.bias.map { $0.count == weights[0] } ?? true)
    precondition(epilogue.addend.map { $0.shape == [batch, size.height, size.width, weights[0]] } ?? true)
    return try backend.convolution(self, kernel, geometry, epilogue: epilogue)
  }

  /// Transposed convolution with PyTorch's semantics, its output padding given by the size that is wanted.
  /// - Precondition: as for `convolved`; the output padding is not negative and less than the stride.
  public func transposeConvolved(
    with kernel: ConvolutionKernel, _ geometry: ConvolutionGeometry, outputSize: Size2D,
    epilogue: consuming TransposedEpilogue = TransposedEpilogue(),
    on backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) throws(EngineError) -> Tensor {
    let least = geometry.transposedOutputSize(of: Size2D(height: height, width: width))
    precondition(channels == kernel.weights.shape[0], "\(channels) channels, weights \(kernel.weights.shape)")
    precondition(channels % geometry.groups == 0, "\(geometry.groups) groups do not divide \(channels)")
    precondition(
      kernel.scale == nil, "a factor belongs to the outputs, which are not a transposed kernel's first")
    precondition(
      kernel.weights.shape[2] == geometry.kernel.height && kernel.weights.shape[3] == geometry.kernel.width)
    precondition(
      (0..<geometry.stride.height).contains(outputSize.height - least.height)
        && (0..<geometry.stride.width).contains(outputSize.width - least.width),
      "\(outputSize) cannot come from \(shape)")
    let shape = [batch, outputSize.height, outputSize.width, kernel.weights.shape[1] * geometry.groups]
    precondition(epilogue.addends.allSatisfy { $0.shape == shape })
    precondition(epilogue.projection.map { $0.shape == shape } ?? true)
    precondition(epilogue.affine.map { $0.scale.count == shape[3] } ?? true)
    return try backend.transposedConvolution(
      self, kernel, geometry, outputSize: outputSize, epilogue: epilogue)
  }

  /// The gradient of a convolution's weights, of shape `weights`; self is the convolution's input. For a transposed
  /// convolution self is the gradient of its output, and `outputGradient` its input.
  /// - Precondition: the sizes are those of a convolution of this geometry.
  public func convolutionWeightGradient(
    outputGradient: Tensor, weights shape: [Int], _ geometry: ConvolutionGeometry,
    on backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) throws(EngineError) -> Tensor {
    let gradient = Tensor(uninitialized: shape)
    let target = UnsafeMutableBufferPointer(start: gradient.storage.pointer, count: gradient.count)
    try addWeightGradient(
      outputGradient: outputGradient, geometry, into: target, accumulating: false, on: backend)
    return gradient
  }

  /// As `convolutionWeightGradient`, into memory of the caller's.
  package func addWeightGradient(
    outputGradient: Tensor, _ geometry: ConvolutionGeometry,
    into target: UnsafeMutableBufferPointer<Float>, accumulating: Bool, on backend: any ConvolutionBackend
  ) throws(EngineError) {
    let size = geometry.outputSize(of: Size2D(height: height, width: width))
    precondition(
      outputGradient.shape.dropLast() == [batch, size.height, size.width],
      "\(outputGradient.shape) is not what a convolution of \(shape) gives")
    precondition(
      target.count * geometry.groups
        == outputGradient.channels * channels * geometry.kernel.height * geometry.kernel.width)
    try backend.weightGradient(
      input: self, outputGradient: outputGradient, geometry, into: target, accumulating: accumulating)
  }
}
