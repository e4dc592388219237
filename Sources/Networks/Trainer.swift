import Tensors

/// Parameters that learn alike.
public struct ParameterGroup {
  /// What the checkpoint and the log call it.
  public var name: String
  /// Learnt parameters.
  public var parameters: [Parameter]
  /// What the learning rate is multiplied by.
  public var rateFactor: Float
  /// Added to the gradient, times the parameter.
  public var weightDecay: Float

  /// A group; the defaults are a factor of 1 and no decay.
  public init(name: String, parameters: [Parameter], rateFactor: Float = 1, weightDecay: Float = 0) {
    self.name = name
    self.parameters = parameters
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }
}

/// A network that is being trained: forward, backward and step.
///
/// Every learnt parameter must be in exactly one group. While a trainer lives, the parameters' values are views of its
/// memory, which `step` changes.
public final class Trainer {
  /// Stochastic gradient descent with momentum, as torch.optim.SGD without dampening.
  public struct Rule: Codable, Hashable, Sendable {
    /// Share of the last direction that is kept.
    public var momentum: Float
    /// Looks ahead along the direction (Nesterov).
    public var nesterov: Bool
    /// Share of the old values in the exponential moving average of the parameters at each step; nil keeps none.
    public var averaging: Float?

    /// A rule; the defaults are the paper's momentum of 0.9 and nothing else.
    public init(momentum: Float = 0.9, nesterov: Bool = false, averaging: Float? = nil) {
      self.momentum = momentum
      self.nesterov = nesterov
      self.averaging = averaging
    }
  }

  /// A trainer of `graph`, all of whose parameters have values.
  public init(
    _ graph: Graph, logits: Graph.NodeID, groups: [ParameterGroup], rule: Rule,
    backend: any ConvolutionBackend = ConvolutionBackends.preferred
  ) {
    preconditionFailure("to be written")
  }

  /// Adds the gradients of the loss of one batch (images [N, H, W, C], targets [N, classes]) to those gathered since
  /// the last step, and moves the running statistics of batch normalisation.
  /// - Returns: the mean loss and the logits.
  public func accumulate(
    images: Tensor, targets: Tensor, loss: Loss
  ) throws(EngineError) -> (loss: Double, logits: Tensor) {
    preconditionFailure("to be written")
  }

  /// Changes the parameters by the mean of the gathered gradients, and forgets those.
  public func step(rate: Float) { preconditionFailure("to be written") }

  /// Everything beside the parameters that the next step depends on: a tensor `momentum.NAME` for each learnt
  /// parameter, and `average.NAME` for each parameter if an average is kept. Read it before the next step.
  public var state: [(name: String, tensor: Tensor)] { preconditionFailure("to be written") }

  /// Takes the state back: the names and shapes must be those that `state` gives.
  /// - Returns: the names that are missing, unexpected or of another shape; nothing has changed unless it is empty.
  public func restore(_ state: [String: Tensor]) -> [String] { preconditionFailure("to be written") }

  /// Calls `body` while the parameters hold their moving average, or as they are if no average is kept.
  public func withAveragedParameters<R>(_ body: () throws -> R) rethrows -> R {
    preconditionFailure("to be written")
  }

  /// False if a parameter has become infinite or NaN.
  public var isFinite: Bool { preconditionFailure("to be written") }
}
