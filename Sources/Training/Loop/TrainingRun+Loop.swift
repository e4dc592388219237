import Datasets
import Files
import Networks
import Tensors

extension TrainingRun {
  /// Learns until all epochs are done, somebody asks to stop, or a number is no longer finite.
  /// - Throws: `TrainingError.diverged`, errors of reading and writing, and what observers throw. Whatever it throws,
  ///   the folder holds the state that was saved last.
  public func run() throws -> RunEnd {
    // A number of threads is that of a thread, which may be another one than that of the initialiser.
    if let threads = recipe.threads { Threads.use(threads) }
    begun = clock.now
    lastSave = begun
    try tell(.runBegan(outline))
    // Before the first step, so that a folder that cannot be written is known now, and a kill costs no more than time.
    if resumedAt == nil { try save() }
    while state.epoch < recipe.epochs {
      guard try learnEpoch(), try closeEpoch() else { return try end(.stopped) }
    }
    return try end(.finished)
  }

  private var outline: RunOutline {
    RunOutline(
      network: network.description, parameters: network.parameterCount, classes: classes,
      trainImages: train.images, validationImages: validation?.images ?? 0, stepsPerEpoch: stepsPerEpoch,
      epochs: recipe.epochs, loading: state.loading, resumedAt: resumedAt, remarks: remarks)
  }

  private func end(_ reason: RunEnd.Reason) throws -> RunEnd {
    if reason == .stopped { try save() }
    let end = RunEnd(
      reason: reason, step: state.step, best: state.best.map { ($0.top1, $0.epoch) }, seconds: elapsed)
    try tell(.runEnded(end))
    return end
  }

  func rate(at step: Int) -> Float {
    recipe.schedule.rate(
      at: step, stepsPerEpoch: stepsPerEpoch, epochs: recipe.epochs, base: recipe.optimizer.rate)
  }

  /// Learns the rest of the current epoch.
  /// - Returns: false if it was asked to stop.
  private func learnEpoch() throws -> Bool {
    guard state.batch < train.batches else { return true }
    let next = try train.open(state.epoch, state.batch, state.unreadable)
    var start = clock.now
    var gathered: [(loss: Double, count: Int)] = []
    var fitting: [Int] = []
    while let batch = try next() {
      if batch.images.shape != fitting { try Self.check(batch, train, network) }
      fitting = batch.images.shape
      let result = try learner.accumulate(
        images: batch.images, targets: batch.targets, features: batch.features, loss: recipe.loss)
      guard result.loss.isFinite else { throw diverged("the loss") }
      gathered.append((result.loss, batch.labels.count))
      state.tally.count += batch.labels.count
      state.tally.lossSum += result.loss * Double(batch.labels.count)
      state.tally.top1 += ClassificationScore.hits(result.logits, batch.labels)
      note(batch.unreadable)
      state.batch += 1
      guard gathered.count == recipe.accumulate || state.batch == train.batches else { continue }

      let rate = rate(at: state.step)
      learner.step(rate: rate)
      state.step += 1
      let seconds = (clock.now - start) / .seconds(1)
      start = clock.now
      state.tally.seconds += seconds
      let count = gathered.map(\.count).reduce(0, +)
      let loss = gathered.map { $0.loss * Double($0.count) }.reduce(0, +) / Double(max(1, count))
      gathered = []
      try tell(
        .stepEnded(report(loss: loss, rate: rate, imagesPerSecond: Double(count) / max(seconds, 1e-9))))
      guard stop.signal == nil else { return false }
      // At an epoch's end it is saved with its validation.
      if isTimeToSave, state.batch < train.batches {
        try save()
        start = clock.now
      }
    }
    return true
  }

  private func report(loss: Double, rate: Float, imagesPerSecond: Double) -> StepReport {
    StepReport(
      step: state.step, epoch: state.epoch + 1,
      stepOfEpoch: (state.batch + recipe.accumulate - 1) / recipe.accumulate, stepsPerEpoch: stepsPerEpoch,
      loss: loss, rate: rate, imagesPerSecond: imagesPerSecond)
  }

  private var isTimeToSave: Bool {
    guard let minutes = recipe.checkpoint.minutes else { return false }
    return (clock.now - lastSave) / .seconds(60) >= Double(minutes)
  }

  /// Validates, keeps the best, and moves to the next epoch.
  /// - Returns: false if it was asked to stop.
  private func closeEpoch() throws -> Bool {
    // A score of such numbers would mean nothing.
    guard learner.isFinite else { throw diverged("a parameter") }
    var report = EpochReport(
      epoch: state.epoch + 1, step: state.step, rate: rate(at: state.step - 1),
      trainLoss: state.tally.meanLoss, trainTop1: state.tally.top1Share, trainSeconds: state.tally.seconds,
      imagesPerSecond: Double(state.tally.count) / max(state.tally.seconds, 1e-9), validation: nil,
      isBest: false)
    if let validation {
      guard try validate(validation, &report) else { return false }
    }
    try tellOfBadImages()
    try tell(.epochEnded(report))
    state.epoch += 1
    state.batch = 0
    state.tally = RunState.Tally()
    state.unreadable = []
    if state.epoch % recipe.checkpoint.epochs == 0 || state.epoch == recipe.epochs || isTimeToSave {
      try save()
    }
    return stop.signal == nil || state.epoch == recipe.epochs
  }

  private func validate(_ feed: BatchFeed, _ report: inout EpochReport) throws -> Bool {
    let start = clock.now
    return try withScoredParameters {
      let score = try feed.score(network, loss: recipe.loss, stop: stop) { done in
        try tell(.validationAdvanced(done: done, total: feed.batches))
      }
      guard let score else { return false }
      report.validation = EpochReport.Validation(
        loss: score.meanLoss, top1: score.top1Share, top5: score.top5Share,
        seconds: (clock.now - start) / .seconds(1))
      report.isBest = score.top1Share > state.best?.top1 ?? -1
      if report.isBest {
        state.best = RunState.Best(
          top1: score.top1Share, epoch: report.epoch, weights: try writeBest(epoch: report.epoch))
      }
      return true
    }
  }

  /// Keeps pictures that could not be read; one that stands in several batches once.
  private func note(_ unreadable: [BatchLoader.BadImage]) {
    guard !unreadable.isEmpty else { return }
    var known = Set(state.unreadable.map(\.position))
    state.unreadable += unreadable.filter { known.insert($0.position).inserted }
  }

  private func tellOfBadImages() throws {
    let bad = badImages
    guard bad.count > reportedBad else { return }
    reportedBad = bad.count
    try tell(.badImages(count: bad.count, first: bad.prefix(3).map(\.reason)))
  }

  func diverged(_ what: String) -> TrainingError {
    let isBetweenSteps = what != "the loss"
    let step = isBetweenSteps ? max(1, state.step) : state.step + 1
    return .diverged(
      TrainingError.Divergence(
        what: what, epoch: state.epoch + 1, step: step, rate: rate(at: step - 1), saved: savedStep))
  }
}
