import Tensors

/// What training makes small, as a function of logits [N, C] and targets [N, C].
///
/// Targets are shares of each class: 1 in one place for a plain label; label smoothing and mixed pictures spread it.
public enum Loss: String, Codable, CaseIterable, Sendable {
  /// Cross-entropy of the softmax, as torch.nn.CrossEntropyLoss.
  case softmax
  /// A yes-or-no question for each class, summed over the classes: torch.nn.BCEWithLogitsLoss times their number.
  case sigmoid

  /// The mean over the batch, and its gradient with respect to the logits.
  public func evaluate(logits: Tensor, targets: Tensor) -> (value: Double, gradient: Tensor) {
    preconditionFailure("to be written")
  }
}
