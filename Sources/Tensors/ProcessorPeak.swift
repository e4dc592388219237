import CKernels

/// What the processor can compute at most: multiply-adds between registers, which touch no memory, on the engine's threads
/// and with the instruction set of its hand-written loops.
public struct ProcessorPeak: Sendable {
  private let clock = ContinuousClock()
  private let steps: Int64

  /// Finds how many steps take about a hundredth of a second.
  public init() {
    var steps: Int64 = 4096
    while true {
      let seconds = Self.seconds(steps, clock)
      if seconds > 0.005 || steps > 1 << 40 { break }
      steps *= 2
    }
    self.steps = steps
  }

  /// Thousands of millions of floating-point operations in a second, a multiply-add counted as two; takes about a hundredth
  /// of a second.
  public func measured() -> Double {
    let operations = Double(steps) * Double(EDVIZ_PEAK_OPERATIONS) * Double(Threads.count)
    return operations / Self.seconds(steps, clock) / 1e9
  }

  private static func seconds(_ steps: Int64, _ clock: ContinuousClock) -> Double {
    let start = clock.now
    edviz_multiply_adds(steps)
    return (clock.now - start) / .seconds(1)
  }
}
