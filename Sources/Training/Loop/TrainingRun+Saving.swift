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
    let weights = try model()
    let optimizer = try Checkpoint(learner.state)
    state = try folder.save(state, weights: weights, optimizer: optimizer)
    savedStep = state.step
    lastSave = clock.now
    try tell(.checkpointWritten(path: folder.file(RunFolder.lastName), step: state.step))
  }

  /// Writes the parameters as they are now, averaged if an average is kept.
  func saveBest() throws {
    try model().write(to: folder.file(RunFolder.bestName), durable: true)
  }

  /// A model with the parameters as they are now, for those who want to look at it between steps.
  public func snapshot() throws -> Model {
    try Model(
      name: recipe.name, description: network.description, checkpoint: model(), preprocessing: recipe.input,
      classes: classes)
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
