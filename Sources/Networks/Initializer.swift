import Tensors

/// How parameters begin.
public enum Initializer {
  /// Gives every parameter its first value, which depends on the seed and its name alone.
  public static func fill(_ parameters: [Parameter], seed: UInt64) { preconditionFailure("to be written") }
}
