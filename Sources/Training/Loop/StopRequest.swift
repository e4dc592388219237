import Synchronization

/// A wish to end a run after its current step; may be expressed from a signal handler or any thread.
public final class StopRequest: Sendable {
  private let number = Atomic<Int32>(0)

  /// No wish yet.
  public init() {}

  /// Asks the run to stop.
  /// - Parameter signal: the signal that asked; not 0.
  /// - Returns: false if it had been asked before.
  @discardableResult
  public func request(signal: Int32 = 2) -> Bool {
    number.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged
  }

  /// The signal that asked, or nil.
  public var signal: Int32? {
    let number = number.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
