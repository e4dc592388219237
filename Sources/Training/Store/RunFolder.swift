import Checkpoints
import Files
import FoundationEssentials

/// The files of a run.
///
/// Each save writes two tensor files under new names and then replaces `state.json`, which names them, in one step;
/// only then do the files of the save before go. Whatever moment a run is killed at, `state.json` names a whole and
/// consistent pair.
struct RunFolder {
  static let stateName = "state.json"
  static let recipeName = "recipe.yaml"
  /// A model file with the parameters as they were saved last.
  static let lastName = "last.safetensors"
  /// A model file with the parameters of the best validation.
  static let bestName = "best.safetensors"
  /// The record of a run that is over; who runs it writes it.
  static let manifestName = "manifest.json"
  /// The folder of the tensor files that `state.json` names.
  static let generationsName = "checkpoint"

  let path: String
  /// Called between the writes of a save, so that tests can kill it there.
  var afterWriting: (_ file: String) throws -> Void = { _ in }

  init(_ path: String) { self.path = path }

  func file(_ name: String) -> String { path + "/" + name }

  /// True if a run was saved here, or at least begun.
  var holdsRun: Bool {
    [Self.stateName, Self.recipeName, Self.lastName].contains { Folders.kind(of: file($0)) != nil }
  }

  /// Saves a state and makes it the one to continue from.
  /// - Returns: the state with the files that it names now.
  func save(_ state: RunState, weights: Checkpoint, optimizer: Checkpoint) throws -> RunState {
    var state = state
    state.generation += 1
    state.weights = try write(weights, "weights-\(state.generation).safetensors")
    state.optimizer = try write(optimizer, "state-\(state.generation).safetensors")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let record = try encoder.encode(state)
    try AtomicFile.write(
      Array(record) + [UInt8(ascii: "\n")], to: file(Self.stateName), durable: true)
    try afterWriting(Self.stateName)
    try publish(state)
    return state
  }

  /// Gives the newest weights their public name and removes what no state names any more.
  func publish(_ state: RunState) throws {
    try Folders.link(generations(state.weights.name), as: file(Self.lastName))
    try afterWriting(Self.lastName)
    let kept = [state.weights.name, state.optimizer.name]
    for name in try Folders.contents(of: file(Self.generationsName)) where !kept.contains(name) {
      Folders.removeFile(generations(name))
    }
  }

  private func write(_ checkpoint: Checkpoint, _ name: String) throws -> RunState.StoredFile {
    try checkpoint.write(to: generations(name), durable: true)
    let digest = try SHA256.hexadecimal(ofFile: generations(name))
    try afterWriting(name)
    return RunState.StoredFile(name: name, sha256: digest)
  }

  private func generations(_ name: String) -> String { file(Self.generationsName) + "/" + name }

  /// What was saved last.
  /// - Throws: `TrainingError.noRun`, or `damagedRun` naming the file that is not as it was written.
  func load() throws -> (state: RunState, weights: Checkpoint, optimizer: Checkpoint) {
    let statePath = file(Self.stateName)
    guard Folders.kind(of: statePath) != nil else { throw TrainingError.noRun(folder: path) }
    let bytes = try FileBytes.read(statePath, limit: 1 << 26)
    // The version first: a later one may have other fields.
    struct Version: Decodable { var schemaVersion: Int }
    let state: RunState
    do {
      let version = try JSONDecoder().decode(Version.self, from: Data(bytes)).schemaVersion
      guard version == RunState.currentVersion else {
        throw TrainingError.damagedRun(
          path: statePath,
          reason: "its version is \(version), and this edviz reads \(RunState.currentVersion)")
      }
      state = try JSONDecoder().decode(RunState.self, from: Data(bytes))
    } catch let error as TrainingError {
      throw error
    } catch {
      throw TrainingError.damagedRun(path: statePath, reason: "it is not the JSON that edviz writes")
    }
    return (state, try open(state.weights), try open(state.optimizer))
  }

  private func open(_ stored: RunState.StoredFile) throws -> Checkpoint {
    let path = generations(stored.name)
    guard !stored.name.contains("/"), Folders.kind(of: path) == .file else {
      throw TrainingError.damagedRun(path: path, reason: "the file is missing")
    }
    guard try SHA256.hexadecimal(ofFile: path) == stored.sha256 else {
      throw TrainingError.damagedRun(path: path, reason: "its bytes are not those that were written")
    }
    return try Checkpoint(contentsOf: path)
  }

  /// Removes the record that ends a run, which is not at its end any more.
  func reopen() { Folders.removeFile(file(Self.manifestName)) }

  /// Removes a run, so that another can begin: first what a run would be continued from.
  func clear() throws {
    for name in [Self.stateName, Self.lastName, Self.bestName, Self.recipeName] {
      Folders.removeFile(file(name))
    }
    let generations = file(Self.generationsName)
    guard Folders.kind(of: generations) == .folder else { return }
    for name in try Folders.contents(of: generations) { Folders.removeFile(generations + "/" + name) }
    Folders.removeIfEmpty(generations)
  }
}
