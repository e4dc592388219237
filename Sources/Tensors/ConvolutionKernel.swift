import CKernels
import Synchronization

/// The weights of a convolution, and the copies of them in the layouts that backends prefer.
///
/// A layout is made when it is first asked for and kept; the weights themselves never change.
public final class ConvolutionKernel: Sendable {
  /// PyTorch's order: [out, in/groups, kH, kW], or [in, out/groups, kH, kW] for a transposed convolution.
  public let weights: Tensor
  /// A factor for each output channel of a convolution, such as batch normalisation's, or none. It is multiplied
  /// in when a layout is made, so that no second plain copy of the weights is kept.
  public let scale: Tensor?
  private let packed = Mutex<[Layout: Storage]>([:])

  /// An order of the weights that somebody computes with.
  enum Layout: Hashable {
    /// What oneDNN wants, by its fingerprint.
    case oneDNN(UInt64)
    /// [group][kernel row, kernel column, in][out], for matrix products.
    case matrix(groups: Int)
    /// [group][in][kernel row, kernel column, out], for those of a transposed convolution.
    case transposedMatrix(groups: Int)
    /// Of `GroupedConvolution`, for the convolution or its data gradient.
    case vectors(groups: Int, transposed: Bool)
    /// Of `NarrowConvolution`, for the convolution or its data gradient.
    case lanes(groups: Int, transposed: Bool)
    /// Of `WinogradConvolution`, for the convolution or its data gradient.
    case winograd(stride: Int, transposed: Bool)
    /// Of `PointwiseConvolution`, for the convolution or its data gradient.
    case panels(transposed: Bool)
  }

  /// Weights in PyTorch's order, and a factor for each of the first dimension.
  public init(_ weights: Tensor, scale: Tensor? = nil) {
    precondition(weights.shape.count == 4, "convolution weights have four dimensions, not \(weights.shape)")
    precondition(scale.map { $0.count == weights.shape[0] } ?? true)
    self.weights = weights
    self.scale = scale
  }

  /// The copy in `layout`, made by `make` from the scaled weights if there is none yet. Who asks meanwhile waits.
  func layout<E: Error>(_ layout: Layout, make: (Tensor) throws(E) -> Storage) throws(E) -> Storage {
    try packed.withLock { copies throws(E) in
      if let found = copies[layout] { return found }
      let made = try make(scaledWeights())
      weights.releasePages()
      copies[layout] = made
      return made
    }
  }

  private func scaledWeights() -> Tensor {
    guard let scale else { return weights }
    let scaled = Tensor(uninitialized: weights.shape)
    edviz_scale_rows(
      scaled.storage.pointer, weights.storage.pointer, scale.storage.pointer, Int64(scale.count),
      Int64(weights.count / max(1, scale.count)))
    return scaled
  }
}
