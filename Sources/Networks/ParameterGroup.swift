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
