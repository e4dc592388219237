/// What a transposed convolution does to its result before it writes it: an affine map of the channels, a projection and
/// tensors to add, and clamping below at zero, in this order. It is the end of a residual block whose last branch is a decoder.
public struct TransposedEpilogue: Sendable {
  /// A factor and an offset for each channel, or none.
  public let affine: ChannelAffine?
  /// What is computed and added line by line, or nothing. Only a backend that `adds` it is given one.
  public let projection: Projection?
  /// At most two tensors of the output's shape. If nobody else holds one, the result may be written over it.
  public fileprivate(set) var addends: [Tensor]
  /// Clamp below at zero; NaN stays.
  public let relu: Bool

  /// No part is on unless given.
  public init(
    affine: ChannelAffine? = nil, projection: Projection? = nil, addends: [Tensor] = [], relu: Bool = false
  ) {
    precondition(addends.count <= 2, "at most two addends, not \(addends.count)")
    self.affine = affine
    self.projection = projection
    self.addends = addends
    self.relu = relu
  }

  /// Which of the addends nobody else holds, so that the result may be written over it.
  mutating func freeAddend() -> Int? { addends.indices.first { addends[$0].isUnique() } }

  /// In a pass of its own.
  consuming func applied(to output: consuming Tensor) -> Tensor {
    precondition(projection == nil, "a projection is for the kernel that adds it")
    guard affine != nil || relu || !addends.isEmpty else { return output }
    var summands = [Summand(output, affine: affine)]
    for addend in addends { summands.append(Summand(addend)) }
    return Tensor.sum(summands, relu: relu)
  }
}
