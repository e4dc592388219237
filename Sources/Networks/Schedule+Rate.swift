import Glibc

extension Schedule {
  /// The rate that a step is taken with.
  /// - Parameters:
  ///   - step: counted over the whole run, from 0.
  ///   - stepsPerEpoch: at least 1.
  ///   - epochs: length of the run.
  ///   - base: the rate that the course multiplies; the peak of a cycle.
  public func rate(at step: Int, stepsPerEpoch: Int, epochs: Int, base: Float) -> Float {
    precondition(stepsPerEpoch > 0, "an epoch has steps")
    let total = stepsPerEpoch * epochs
    let warmSteps = warmUp.map { Int((Double($0.epochs) * Double(stepsPerEpoch)).rounded()) } ?? 0
    let factor = warmUp.map { Self.rise(from: Double($0.startFactor), at: step, of: warmSteps) } ?? 1
    let base = Double(base)
    switch course {
    case .constant: return Float(base * factor)
    case .step(let every, let decay):
      return Float(base * factor * pow(Double(decay), Double(step / stepsPerEpoch / every)))
    case .multiStep(let milestones, let decay):
      let passed = milestones.count { $0 <= step / stepsPerEpoch }
      return Float(base * factor * pow(Double(decay), Double(passed)))
    case .cosine(let floor):
      guard step >= warmSteps else { return Float(base * factor) }
      let share = Double(step - warmSteps) / Double(max(1, total - warmSteps))
      return Float(Self.cosine(from: base, to: Double(floor), share: share))
    case .oneCycle(let cycle):
      let first = base / Double(cycle.initialDivision)
      guard step >= warmSteps else { return Float(first * factor) }
      return Float(cycle.rate(at: step - warmSteps, of: total - warmSteps, peak: base))
    }
  }

  private static func rise(from start: Double, at step: Int, of steps: Int) -> Double {
    step < steps ? start + (1 - start) * Double(step) / Double(steps) : 1
  }

  /// Half a cosine; beyond its end the rate stays.
  fileprivate static func cosine(from start: Double, to end: Double, share: Double) -> Double {
    end + (start - end) / 2 * (1 + cos(Double.pi * min(share, 1)))
  }
}

extension Schedule.OneCycle {
  fileprivate func rate(at step: Int, of total: Int, peak rate: Double) -> Double {
    let first = rate / Double(initialDivision)
    // torch counts the last step of each half, not their length.
    let summit = Double(peak) * Double(total) - 1
    let last = Double(total - 1)
    let position = min(Double(step), last)
    if position <= summit, summit > 0 { return value(from: first, to: rate, share: position / summit) }
    guard last > summit else { return rate }
    return value(
      from: rate, to: first / Double(finalDivision), share: (position - summit) / (last - summit))
  }

  private func value(from start: Double, to end: Double, share: Double) -> Double {
    isLinear ? start + (end - start) * share : Schedule.cosine(from: start, to: end, share: share)
  }
}
