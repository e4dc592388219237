import Tensors

/// Batch normalisation as torch.nn.BatchNorm2d.
public final class BatchNormalization: Operation {
  /// What PyTorch adds to the variance where nothing is said.
  public static let usualEpsilon: Float = 1e-5

  /// Added to the variance under the root.
  public let epsilon: Float
  /// Weight of a batch's statistics in the running ones.
  public let momentum: Float
  /// [C]
  public let scale: Parameter
  /// [C]
  public let shift: Parameter
  /// [C]
  public let runningMean: Parameter
  /// [C]
  public let runningVariance: Parameter

  /// A normalisation whose parameters are called `name.weight`, `.bias`, `.running_mean` and `.running_var`.
  public init(name: String, channels: Int, momentum: Float = 0.1, epsilon: Float = usualEpsilon) {
    self.momentum = momentum
    self.epsilon = epsilon
    scale = Parameter(name: name + ".weight", shape: [channels], role: .scale)
    shift = Parameter(name: name + ".bias", shape: [channels], role: .shift)
    runningMean = Parameter(name: name + ".running_mean", shape: [channels], role: .runningMean)
    runningVariance = Parameter(name: name + ".running_var", shape: [channels], role: .runningVariance)
  }

  /// The normalisation by a batch's own statistics, or by the running ones if there are none.
  func normalization(_ batch: BatchStatistics? = nil) -> Normalization {
    let statistics =
      batch ?? BatchStatistics(mean: runningMean.value, variance: runningVariance.value, count: 1)
    return Normalization(
      scale: scale.value, shift: shift.value, statistics: statistics, isOfBatch: batch != nil,
      epsilon: epsilon)
  }

  /// Moves the running statistics towards a batch's, whose variance is made unbiased (as PyTorch does).
  func updateRunningStatistics(_ batch: BatchStatistics) {
    func moved(_ running: Tensor, towards values: Tensor, factor: Float) -> Tensor {
      Tensor(shape: running.shape) { target in
        for c in 0..<running.count {
          target[c] = (1 - momentum) * running[c] + momentum * (values[c] * factor)
        }
      }
    }
    let correction = Float(batch.count) / Float(max(1, batch.count - 1))
    runningMean.value = moved(runningMean.value, towards: batch.mean, factor: 1)
    runningVariance.value = moved(runningVariance.value, towards: batch.variance, factor: correction)
  }

  /// What it does in evaluation: x ↦ scale / √(variance + ε) · x + (shift − mean · that factor).
  public func affine() -> ChannelAffine {
    let count = scale.count
    let (scale, shift) = (scale.value.elements, shift.value.elements)
    let (mean, variance) = (runningMean.value.elements, runningVariance.value.elements)
    let factor = (0..<count).map { scale[$0] / (variance[$0] + epsilon).squareRoot() }
    return ChannelAffine(
      scale: Tensor(factor, shape: [count]),
      shift: Tensor((0..<count).map { shift[$0] - mean[$0] * factor[$0] }, shape: [count]))
  }

  /// What is learnt or gathered.
  public var parameters: [Parameter] { [scale, shift, runningMean, runningVariance] }

  /// The shape of the result.
  public func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  /// The result in evaluation.
  public func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor {
    Tensor.sum([Summand(inputs[0], affine: affine())])
  }

  /// The result in training, and the way back.
  public func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    NormalizedTerms(norms: [self], relu: false).recorded(inputs, pass)
  }
}
