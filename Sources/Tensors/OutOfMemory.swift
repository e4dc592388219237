import Synchronization

/// What happens when the system has no memory for a tensor, or in the command line (`CRefusedMemory`) for anything else.
///
/// Operators do not throw: sizes are judged before (`AttentionError.needsMemory`, `TrainingError.needsMemory`), so that this
/// is left where others took the memory meanwhile, or where a limit is lower than it looked.
public enum OutOfMemory {
  private static let handler = Mutex<(@Sendable (Int) -> Never)?>(nil)

  /// Ends the process otherwise than by a trap, from now on.
  /// - Parameter handler: is told how many bytes were asked for. Little memory may be left to it.
  public static func endProcess(by handler: @escaping @Sendable (_ bytes: Int) -> Never) {
    Self.handler.withLock { $0 = handler }
  }

  /// Ends the process.
  package static func end(wanting bytes: Int) -> Never {
    if let handler = handler.withLock({ $0 }) { handler(bytes) }
    preconditionFailure("out of memory: \(bytes) bytes asked for")
  }
}
