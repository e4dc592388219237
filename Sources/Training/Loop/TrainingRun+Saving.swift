import Checkpoints
import EDNets
import Files
import Networks
import Tensors

extension TrainingRun {
  /// Makes the present the state to continue from.
  func save() throws {
    guard learner.isFinite else { throw diverged("a parameter") }
    for log in logs {
      try log.file.synchronize()
      state.logs[log.file.name] = log.file.count
    }
    let now = clock.now
    state.seconds += (now - begun) / .seconds(1)
    begun = now
    // The average first: what is held while the parameters change places is copied.
    let average = recipe.averaging == nil ? nil : try withScoredParameters { try model() }
    let content = RunFolder.Save(
      weights: try model(), optimizer: try Checkpoint(learner.state), average: average)
    state = try folder.save(state, content)
    savedStep = state.step
    lastSave = clock.now
    try tell(.checkpointWritten(path: folder.file(RunFolder.lastName), step: state.step))
  }

  /// Writes the parameters of the best validation; the next save gives them their public name.
  func writeBest(epoch: Int) throws -> RunState.StoredFile {
    try withScoredParameters { try folder.write(model(), "best-\(epoch).safetensors") }
  }

  /// Calls `body` while the network's parameters are those that are scored: averaged if an average is kept.
  func withScoredParameters<R>(_ body: () throws -> R) rethrows -> R {
    guard !showsScored else { return try body() }
    showsScored = true
    defer { showsScored = false }
    return try learner.withAveragedParameters(body)
  }

  /// A model with the parameters that scores are of, averaged if an average is kept, as they are now; they stay so
  /// while the run goes on.
  public func snapshot() throws -> Model {
    try Model(
      name: recipe.name, description: network.description,
      checkpoint: withScoredParameters { try model() }, preprocessing: recipe.input, classes: classes)
  }

  /// The network as a model file that every command reads.
  private func model() throws -> Checkpoint {
    let metadata = try ModelMetadata.entries(
      network: network.description, preprocessing: recipe.input, classes: classes)
    return try Checkpoint(network.parameters.map { ($0.name, $0.value) }, metadata: metadata)
  }
}

extension RunFolder {
  /// Refuses to continue with a recipe that would have led elsewhere.
  func check(_ recipe: Recipe, against state: RunState) throws {
    guard try recipe.digest() != state.recipe else { return }
    let old = try Recipe(contentsOf: file(Self.recipeName))
    guard try old.digest() == state.recipe, let found = try old.firstDifference(from: recipe) else {
      throw TrainingError.damagedRun(
        path: file(Self.recipeName), reason: "it is not the recipe that the run began with")
    }
    throw TrainingError.recipeChanged(
      folder: path, field: found.field, was: found.mine, now: found.others)
  }

  /// Refuses to continue with other pictures.
  func check(_ data: RunData, _ classes: [String], against state: RunState) throws(TrainingError) {
    if classes != state.classes {
      let odd = zip(state.classes, classes).first { $0 != $1 }
      let reason =
        odd.map { "the class '\($0.0)' is '\($0.1)' now" }
        ?? "there were \(state.classes.count) classes, and are \(classes.count) now"
      throw .dataChanged(folder: path, reason: reason)
    }
    if let reason = state.data.difference(from: data) { throw .dataChanged(folder: path, reason: reason) }
  }

  /// Keeps a complete copy of the recipe, which depends on no other file but the data.
  func write(_ recipe: Recipe, classes: Int) throws {
    var complete = recipe
    if case .file = recipe.network {
      complete.network = .described(try recipe.network.description(classes: classes))
    }
    try AtomicFile.write(Array(try complete.yaml().utf8), to: file(Self.recipeName), durable: true)
  }

  /// Gives parameters the values of a saved run.
  func restore(_ weights: Checkpoint, into parameters: [Parameter]) throws {
    let entries = try weights.matched(against: parameters.map { ($0.name, $0.shape) })
    for (parameter, entry) in zip(parameters, entries) { parameter.value = try entry.tensor() }
  }

  /// Gives a trainer what it kept beside the parameters.
  func restore(_ state: Checkpoint, into learner: any Learner) throws {
    let tensors = try state.map { ($0.name, try $0.tensor()) }
    let odd = learner.restore(Dictionary(uniqueKeysWithValues: tensors))
    guard odd.isEmpty else {
      throw TrainingError.damagedRun(
        path: state.path, reason: "it does not fit the network: \(odd.prefix(3).joined(separator: ", "))")
    }
  }
}
