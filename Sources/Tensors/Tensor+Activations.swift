import CKernels

extension Tensor {
  /// max(x, 0); NaN stays NaN.
  public func relu() -> Tensor { Tensor.sum([Summand(reshaped([count]))], relu: true).reshaped(shape) }

  /// The gradient of `relu`'s input: that of its output where the output, self, is above zero.
  public func reluGradient(_ gradient: Tensor) -> Tensor {
    precondition(gradient.shape == shape)
    return NormalizedSum(terms: [], clampedTo: self).gradients([gradient]).sum
  }

  /// True if no element is NaN or infinite.
  public var isFinite: Bool { edviz_is_finite(storage.pointer, Int64(count)) != 0 }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor {
    let output = Tensor(uninitialized: shape)
    edviz_sigmoid(output.storage.pointer, storage.pointer, Int64(count))
    return output
  }

  /// The gradient of `sigmoid`'s input; self is its output.
  public func sigmoidGradient(_ gradient: Tensor) -> Tensor {
    precondition(gradient.shape == shape)
    let output = Tensor(uninitialized: shape)
    edviz_sigmoid_gradient(
      output.storage.pointer, storage.pointer, gradient.storage.pointer, Int64(count))
    return output
  }

  /// What an activation function makes of each element; NaN stays NaN.
  public func activated(_ function: Activation) -> Tensor {
    guard let (kind, slope) = function.kernel else { return relu() }
    let output = Tensor(uninitialized: shape)
    edviz_activate(output.storage.pointer, storage.pointer, Int64(count), kind, slope)
    return output
  }

  /// The gradient of `activated`'s input, self, from that of its output.
  public func activatedGradient(_ gradient: Tensor, _ function: Activation) -> Tensor {
    precondition(gradient.shape == shape)
    guard let (kind, slope) = function.kernel else { return reluGradient(gradient) }
    let output = Tensor(uninitialized: shape)
    edviz_activate_gradient(
      output.storage.pointer, storage.pointer, gradient.storage.pointer, Int64(count), kind, slope)
    return output
  }

  /// e^x over its sum along the last dimension; the largest element is taken off first, so that nothing
  /// overflows.
  public func softmax() -> Tensor {
    let output = Tensor(uninitialized: shape)
    edviz_softmax(output.storage.pointer, storage.pointer, Int64(count / channels), Int64(channels))
    return output
  }

  /// The gradient of `softmax`'s input; self is its output.
  public func softmaxGradient(_ gradient: Tensor) -> Tensor {
    precondition(gradient.shape == shape)
    let output = Tensor(uninitialized: shape)
    edviz_softmax_gradient(
      output.storage.pointer, storage.pointer, gradient.storage.pointer, Int64(count / channels),
      Int64(channels))
    return output
  }
}
