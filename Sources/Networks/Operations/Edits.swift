import Tensors

/// A map or vector times one factor for each channel, or one for all: a branch weakened, strengthened or switched off.
public struct Scale: ElementaryOperation {
  /// One, or one for each channel.
  public let factors: [Float]

  /// The same factor for all channels.
  public init(_ factor: Float) { factors = [factor] }

  /// A factor for each channel.
  public init(channels factors: [Float]) { self.factors = factors }

  /// The shape of the result.
  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  /// The result.
  public func value(of inputs: [Tensor]) -> Tensor {
    let channels = inputs[0].channels
    precondition(factors.count == 1 || factors.count == channels, "a factor for each of \(channels) channels")
    return Tensor(shape: inputs[0].shape) { made in
      inputs[0].withUnsafeElements { values in
        for i in values.indices { made[i] = values[i] * factors[factors.count == 1 ? 0 : i % channels] }
      }
    }
  }

  /// The result, and the way back.
  public func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (value(of: inputs), { [value(of: [$0])] })
  }
}

/// Given values instead of what was computed, of which nothing is left: the gradient is 0.
public struct Replace: ElementaryOperation {
  /// Of the shape of what it replaces, or of one image that stands for all.
  public let values: Tensor

  /// A replacement.
  public init(_ values: Tensor) { self.values = values }

  /// The shape of the result.
  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  /// The result.
  public func value(of inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    if values.shape == shape { return values }
    precondition(values.shape == [1] + shape.dropFirst(), "\(values.shape) does not replace \(shape)")
    return Tensor(shape: shape) { made in
      values.withUnsafeElements { values in for i in made.indices { made[i] = values[i % values.count] } }
    }
  }

  /// The result, and the way back.
  public func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    (value(of: inputs), { [Tensor(repeating: 0, shape: $0.shape)] })
  }
}
