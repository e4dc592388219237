import Checkpoints
import Datasets
import EDNets
import Files
import Networks
import Tensors

/// A run of a recipe in a folder, from its first step or from where it was saved.
///
/// A run that is continued makes the very numbers that an unbroken one makes, at the same number of threads.
public final class TrainingRun {
  /// How a run treats what its folder holds.
  public enum Beginning: Sendable, Hashable {
    /// At the first step; the folder must hold no run, unless that may go.
    case fresh(replacing: Bool)
    /// Where the run in the folder was saved last.
    case resumed
  }

  /// The parts that tests replace.
  struct Parts {
    var feeds: (Recipe) throws -> (train: BatchFeed, validation: BatchFeed?)
    var fill: ([Parameter], UInt64) -> Void
    var learner: (Network, [ParameterGroup], Trainer.Rule, MapPenalty?, FeatureMatch?) -> any Learner
  }

  /// The recipe.
  public let recipe: Recipe
  /// The network that learns.
  public let network: Network
  /// Class names, in the order of the logits.
  public let classes: [String]
  /// The folder of the run.
  public let path: String

  let folder: RunFolder
  let train: BatchFeed
  let validation: BatchFeed?
  let learner: any Learner
  let stop: StopRequest
  let logs: [any TrainingLog]
  let observers: [any TrainingObserver]
  let stepsPerEpoch: Int
  let clock = ContinuousClock()
  var state: RunState
  /// What a reader should know.
  public private(set) var remarks: [String] = []
  let resumedAt: Int?
  var lastSave: ContinuousClock.Instant
  var begun: ContinuousClock.Instant
  var reportedBad = 0
  /// Whether the network's parameters are those that are scored.
  var showsScored = false
  private let lock: FileLock
  /// The step of the state that was saved last.
  var savedStep: Int?

  /// Opens the data, builds the network and makes or reads the folder; nothing is learnt yet.
  /// - Throws: `TrainingError`, `DatasetError`, `FileError`, `CheckpointError`, `ModelError`, `DescriptionError`.
  public convenience init(
    _ recipe: Recipe, folder: String, beginning: Beginning, observers: [any TrainingObserver] = [],
    stop: StopRequest = StopRequest()
  ) throws {
    try self.init(
      recipe, folder: folder, beginning: beginning, observers: observers, stop: stop, parts: .standard)
  }

  init(
    _ recipe: Recipe, folder path: String, beginning: Beginning, observers: [any TrainingObserver],
    stop: StopRequest, parts: Parts
  ) throws {
    var folder = RunFolder(path)
    folder.observed = observers.flatMap(\.outputs)
    // A run in the folder is left as it is until all that the new one needs is known to be there.
    if beginning == .fresh(replacing: false) { try folder.checkIsFree() }
    if beginning == .resumed, !folder.holdsRun { throw TrainingError.noRun(folder: path) }
    var held = beginning == .resumed ? try folder.lock() : nil
    let saved = beginning == .resumed ? try folder.load() : nil
    if let saved {
      try folder.check(recipe, against: saved.state)
      try folder.checkLogs(saved.state)
    }
    if let threads = recipe.threads { Threads.use(threads) }

    (train, validation) = try parts.feeds(recipe)
    classes = train.classes
    let told = train.remarks
    // The same folders, or the same list of classes, give the same remarks.
    remarks += told + (validation?.remarks.filter { !told.contains($0) } ?? [])
    if let validation {
      try Self.compare(train, validation)
      if validation.hasSamePictures(as: train) {
        remarks.append("the images to check with are those to learn from")
      }
    }
    network = try Network(recipe.network.description(classes: classes.count))
    guard network.description.stem.channels == recipe.input.channels else {
      throw TrainingError.channels(
        network: network.description.stem.channels, input: recipe.input.channels)
    }
    stepsPerEpoch = (train.batches + recipe.accumulate - 1) / recipe.accumulate
    for observer in observers { try observer.prepare(recipe) }

    let data = try RunData(train, validation, teacher: recipe.teacher)
    if let saved {
      state = saved.state
      resumedAt = state.step
      savedStep = state.step
      try folder.check(data, classes, against: state)
      try folder.restore(saved.weights, into: network.parameters)
      remarks += RunEngine().remarks(continuing: state.engine)
    } else {
      state = RunState(recipe: try recipe.digest(), classes: classes, data: data)
      resumedAt = nil
      state.loading = try recipe.start(network.parameters, fill: parts.fill)
    }
    state.engine = RunEngine()
    let match = recipe.match(on: network, train.features)
    let groups = recipe.groups(
      network.parameters + (match.map { [$0.parameter] } ?? []), loaded: Set(state.loading?.loaded ?? []))
    let rule = Trainer.Rule(
      momentum: recipe.optimizer.momentum, nesterov: recipe.optimizer.nesterov, averaging: recipe.averaging)
    learner = parts.learner(network, groups, rule, recipe.penalty(on: network), match)
    if let saved { try folder.restore(saved.optimizer, into: learner) }

    if case .fresh(let replacing) = beginning {
      if let first = try train.open(0, 0, [])() { try Self.check(first, train, network) }
      held = try folder.lock()
      // Somebody else may have begun a run in the meantime.
      if !replacing { try folder.checkIsFree() }
      try folder.clear()
    }
    guard let held else { preconditionFailure("every way to begin takes the lock") }
    lock = held
    folder.reopen()
    try folder.write(recipe, classes: classes.count)
    if saved != nil { try folder.publish(state) }
    let kept = state.logs
    logs = [
      try EpochTable(folder: path, keeping: kept[EpochTable.name] ?? 0),
      try EventLog(folder: path, keeping: kept[EventLog.name] ?? 0, interval: recipe.logSteps),
    ]
    self.recipe = recipe
    self.path = path
    self.folder = folder
    self.stop = stop
    self.observers = logs + observers
    lastSave = clock.now
    begun = clock.now
  }

  /// Both sources must name the same classes in the same order, or labels would mean different things.
  private static func compare(_ train: BatchFeed, _ validation: BatchFeed) throws(TrainingError) {
    guard train.classes != validation.classes else { return }
    let odd = zip(train.classes, validation.classes).first { $0 != $1 }
    let reason =
      odd.map { "'\($0.1)' instead of '\($0.0)'" }
      ?? "\(validation.classes.count) instead of \(train.classes.count)"
    throw .differentClasses(train: train.path, validation: validation.path, reason: reason)
  }

  /// Pictures to learn from.
  public var trainImages: Int { train.images }
  /// Pictures to check with.
  public var validationImages: Int { validation?.images ?? 0 }
  /// The pictures to learn from and to check with that could not be read since this part of the run began.
  public var badImages: [BatchLoader.BadImage] { train.bad() + (validation?.bad() ?? []) }
  /// What the run took from `initFrom`.
  public var loading: LoadingReport? { state.loading }

  func tell(_ event: TrainingEvent) throws {
    for observer in observers { try observer.observe(event, in: self) }
  }

  /// Wall time of the whole run up to now.
  var elapsed: Double { state.seconds + (clock.now - begun) / .seconds(1) }
}
