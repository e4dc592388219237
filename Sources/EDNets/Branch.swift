/// A value inside a residual block y = ReLU(F(x) + x + ED(x)) that a tap can show.
public enum Branch: String, CaseIterable, Sendable, Codable {
  /// x, what the block is given.
  case input
  /// The shortcut's result, which the sum and the ED path read: x itself, or its projection.
  case shortcut
  /// F(x), after its last batch normalisation.
  case transform
  /// The ED path's code, after ReLU.
  case encoder
  /// ED(x), after batch normalisation; it may be negative.
  case decoder
  /// F(x) + x + ED(x), before the activation.
  case sum
  /// y, after the activation.
  case output
}
