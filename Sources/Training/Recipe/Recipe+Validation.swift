import EDNets
import Images
import Networks

extension Recipe {
  /// Checks what can be known without opening files.
  /// - Throws: `FieldMistake`.
  func check() throws(FieldMistake) {
    let isName = !name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")) && name != "." && name != ".."
    try Self.check(isName, "name") {
      "must be a name for a folder, not '\(name)'"
    }
    try network.check()
    try Self.check(1...65_536, "batch", batch)
    try Self.check(1...65_536, "accumulate", accumulate)
    try Self.check(1...100_000, "epochs", epochs)
    try Self.check(0...1, "cutMix", cutMix)
    try Self.check(0...0.999, "labelSmoothing", labelSmoothing)
    if let teacher {
      try Self.check(0...1, "teacher.share", teacher.share)
      try Self.check(0...1000, "teacher.features", teacher.features)
    }
    try Self.check(0...1000, "activityPenalty", Double(activityPenalty))
    try Self.check(0...1000, "curvaturePenalty", Double(curvaturePenalty))
    try Self.check(0...1000, "initFactor", initFactor)
    // A slower average would lose what a step adds to it among the roundings of float32.
    if let averaging { try Self.check(0...0.9999, "averaging", averaging) }
    try Self.check(0...1_000_000_000, "logSteps", logSteps)
    try Self.check(0...16_777_216, "cacheMegabytes", cacheMegabytes)
    try Self.check(0...1, "maxUnreadable", maxUnreadable)
    if let threads { try Self.check(1...1024, "threads", threads) }
    try Self.check(1...100_000, "checkpoint.epochs", checkpoint.epochs)
    if let minutes = checkpoint.minutes {
      try Self.check(minutes.isFinite && minutes > 0, "checkpoint.minutes") {
        "must be more than 0, not \(minutes)"
      }
    }
    try checkInput()
    try checkOptimizer()
    try schedule.check(epochs: epochs)
  }

  private func checkInput() throws(FieldMistake) {
    try Self.check(input.fit != .short, "input.fit") {
      "must be square, crop or none, because pictures of a batch have one size, not \(input.fit.rawValue)"
    }
    if let mistake = input.mistake {
      let fields = [
        Preprocessing.Part.size: "size", .mean: "mean", .standardDeviation: "std", .resize: "resize",
      ]
      throw FieldMistake("input." + (fields[mistake.part] ?? ""), mistake.reason)
    }
  }

  private func checkOptimizer() throws(FieldMistake) {
    try Self.check(0...1000, "optimizer.rate", optimizer.rate)
    try Self.check(0...0.999_999, "optimizer.momentum", optimizer.momentum)
    try Self.check(0...10, "optimizer.weightDecay", optimizer.weightDecay)
    try Self.check(!optimizer.nesterov || optimizer.momentum > 0, "optimizer.nesterov") {
      "needs a momentum above 0"
    }
  }

  fileprivate static func check(
    _ holds: Bool, _ field: String, _ reason: () -> String
  ) throws(FieldMistake) {
    guard holds else { throw FieldMistake(field, reason()) }
  }

  fileprivate static func check<Number: Comparable>(
    _ range: ClosedRange<Number>, _ field: String, _ value: Number
  ) throws(FieldMistake) {
    try check(range.contains(value), field) {
      "must be from \(range.lowerBound) to \(range.upperBound), not \(value)"
    }
  }
}

extension NetworkChoice {
  /// A file is left to whoever opens it.
  fileprivate func check() throws(FieldMistake) {
    if case .file = self { return }
    do { _ = try description(classes: 2) } catch {
      throw FieldMistake("network", "cannot be built: \(error)")
    }
  }
}

extension Schedule {
  fileprivate func check(epochs: Int) throws(FieldMistake) {
    switch course {
    case .constant: break
    case .step(let every, let factor):
      try Recipe.check(1...100_000, "schedule.every", every)
      try Recipe.check(0...1000, "schedule.factor", factor)
    case .multiStep(let milestones, let factor):
      try Recipe.check(zip(milestones, milestones.dropFirst()).allSatisfy { $0 < $1 }, "schedule.milestones")
      {
        "must rise"
      }
      try Recipe.check(milestones.allSatisfy { $0 > 0 }, "schedule.milestones") { "must be above 0" }
      try Recipe.check(0...1000, "schedule.factor", factor)
    case .cosine(let floor): try Recipe.check(0...1000, "schedule.floor", floor)
    case .oneCycle(let cycle):
      try Recipe.check(0...1, "schedule.peak", cycle.peak)
      try Recipe.check(1...1_000_000_000, "schedule.initialDivision", cycle.initialDivision)
      try Recipe.check(1...1_000_000_000, "schedule.finalDivision", cycle.finalDivision)
    }
    guard let warmUp else { return }
    try Recipe.check(0...1, "schedule.warmUp.startFactor", warmUp.startFactor)
    try Recipe.check(warmUp.epochs >= 0 && warmUp.epochs <= Float(epochs), "schedule.warmUp.epochs") {
      "must be from 0 to the \(epochs) epochs of the run, not \(warmUp.epochs)"
    }
  }
}
