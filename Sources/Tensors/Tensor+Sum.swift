import CKernels

/// A factor and an offset for each channel: what batch normalisation is in evaluation.
public struct ChannelAffine: Sendable {
  /// [C]
  public let scale: Tensor
  /// [C]
  public let shift: Tensor

  /// x ↦ scale · x + shift.
  public init(scale: Tensor, shift: Tensor) {
    precondition(scale.count == shift.count)
    self.scale = scale
    self.shift = shift
  }

  /// x ↦ x + shift.
  public init(shift: Tensor) {
    self.init(scale: Tensor(repeating: 1, shape: shift.shape), shift: shift)
  }
}

/// A term of `Tensor.sum`.
public struct Summand: Sendable {
  /// The values.
  public fileprivate(set) var values: Tensor
  /// What is done to them first.
  public let affine: ChannelAffine?

  /// A term, by itself or after an affine map of its channels.
  public init(_ values: Tensor, affine: ChannelAffine? = nil) {
    self.values = values
    self.affine = affine
  }
}

extension Tensor {
  /// The sum of one to three tensors of one shape, each after its affine map, then optionally ReLU, in one pass
  /// over memory: the end of a residual block. NaN passes through ReLU, as in PyTorch.
  ///
  /// If nobody else holds the values of a summand, the result is written over them, which spares the memory bus a fifth
  /// of its work on large maps.
  public static func sum(_ summands: consuming [Summand], relu: Bool = false) -> Tensor {
    var summands = summands
    precondition((1...3).contains(summands.count), "one to three summands, not \(summands.count)")
    let shape = summands[0].values.shape
    let channels = shape[shape.count - 1]
    for summand in summands {
      precondition(summand.values.shape == shape, "\(summand.values.shape) cannot be added to \(shape)")
      precondition(summand.affine.map { $0.scale.count == channels } ?? true)
    }
    let free = summands.indices.first { summands[$0].values.isUnique() }
    let output = free.map { summands[$0].values } ?? Tensor(uninitialized: shape)
    let terms = summands.map {
      edviz_summand(
        values: $0.values.storage.pointer, scale: $0.affine?.scale.storage.pointer,
        shift: $0.affine?.shift.storage.pointer)
    }
    withExtendedLifetime(summands) {
      edviz_sum(
        output.storage.pointer, terms, Int32(terms.count), Int64(output.count / max(1, channels)),
        Int64(channels), relu ? 1 : 0)
    }
    return output
  }

  /// Elementwise sum of two tensors of one shape.
  public static func + (left: Tensor, right: Tensor) -> Tensor { sum([Summand(left), Summand(right)]) }
}
