import Checkpoints
import Files
import FoundationEssentials

/// The files of a run.
///
/// Each save writes its tensor files under new names and then replaces `state.json`, which names them, in one step;
/// only then do the models get their public names and the files of the save before go. Whatever moment a run is killed
/// at, `state.json` names a whole and consistent set.
struct RunFolder {
  static let stateName = "state.json"
  static let recipeName = "recipe.yaml"
  /// A model file with the parameters as they were saved last, averaged if an average is kept.
  static let lastName = "last.safetensors"
  /// A model file with the parameters of the best validation.
  static let bestName = "best.safetensors"
  /// The record of a run that is over; who runs it writes it.
  static let manifestName = "manifest.json"
  /// The folder of the tensor files that `state.json` names.
  static let generationsName = "checkpoint"
  /// What the process that is at work on the run has locked. It comes first and stays, so that it also says that the
  /// other files are those of a run.
  static let lockName = ".edviz-lock"

  let path: String
  /// Names of what observers write.
  var observed: [String] = []

  init(_ path: String) { self.path = path }

  func file(_ name: String) -> String { path + "/" + name }

  func generation(_ name: String) -> String { file(Self.generationsName) + "/" + name }

  /// The models and records of one save.
  struct Save {
    var weights: Checkpoint
    var optimizer: Checkpoint
    /// The model with averaged parameters, if an average is kept.
    var average: Checkpoint?
  }

  /// Saves a state and makes it the one to continue from.
  /// - Returns: the state with the files that it names now.
  func save(_ state: RunState, _ content: Save) throws -> RunState {
    var state = state
    state.generation += 1
    let number = state.generation
    do {
      state.weights = try write(content.weights, "weights-\(number).safetensors")
      state.optimizer = try write(content.optimizer, "state-\(number).safetensors")
      state.average = try content.average.map { try write($0, "average-\(number).safetensors") }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let record = try encoder.encode(state)
      try AtomicFile.write(
        Array(record) + [UInt8(ascii: "\n")], to: file(Self.stateName), durable: true)
    } catch {
      // Whatever it was: a disk that is full has no room for parts of what nobody will continue from. The state may have
      // its name although its folder could not be synchronised; then they are what it names.
      if (try? loadState())?.generation != number {
        for kind in ["weights", "state", "average"] {
          Folders.removeFile(generation("\(kind)-\(number).safetensors"))
        }
      }
      throw error
    }
    try publish(state)
    return state
  }

  /// Gives the models their public names and removes what no state names any more.
  func publish(_ state: RunState) throws {
    try publish(state.scored, as: Self.lastName)
    if let best = state.best { try publish(best.weights, as: Self.bestName) }
    let kept = Set(state.files.map(\.name))
    for name in try Folders.contents(of: file(Self.generationsName)) where !kept.contains(name) {
      Folders.removeFile(generation(name))
    }
  }

  private func publish(_ stored: RunState.StoredFile, as name: String) throws {
    try Folders.link(generation(stored.name), as: file(name))
  }

  /// Writes a file that a state may name then.
  func write(_ checkpoint: Checkpoint, _ name: String) throws -> RunState.StoredFile {
    try checkpoint.write(to: generation(name), durable: true)
    let digest = try SHA256.hexadecimal(ofFile: generation(name))
    return RunState.StoredFile(name: name, sha256: digest)
  }

  /// What was saved last.
  /// - Throws: `TrainingError.noRun`, or `damagedRun` naming the file that is not as it was written.
  func load() throws -> (state: RunState, weights: Checkpoint, optimizer: Checkpoint) {
    let state = try loadState()
    // What is published is continued from, too: without it the models would be of different moments.
    for stored in [state.average, state.best?.weights].compactMap({ $0 }) { try check(stored) }
    return (state, try open(state.weights), try open(state.optimizer))
  }

  /// Logs go on behind what they held when the run was saved.
  /// - Throws: `TrainingError.damagedRun` for one that has become shorter.
  func checkLogs(_ state: RunState) throws {
    for (name, bytes) in state.logs.sorted(by: { $0.key < $1.key }) {
      let found = Folders.size(of: file(name)) ?? 0
      guard found >= bytes else {
        throw TrainingError.damagedRun(
          path: file(name), reason: "it has \(found) bytes, but had \(bytes) when the run was saved")
      }
    }
  }

  private func loadState() throws -> RunState {
    let statePath = file(Self.stateName)
    guard Folders.kind(of: statePath) != nil else { throw TrainingError.noRun(folder: path) }
    let bytes = try FileBytes.read(statePath, limit: 1 << 26)
    // The version first: a later one may have other fields.
    struct Version: Decodable { var schemaVersion: Int }
    do {
      let version = try JSONDecoder().decode(Version.self, from: Data(bytes)).schemaVersion
      guard version == RunState.currentVersion else {
        throw TrainingError.damagedRun(
          path: statePath,
          reason: "its version is \(version), and this edviz reads \(RunState.currentVersion)")
      }
      let state = try JSONDecoder().decode(RunState.self, from: Data(bytes))
      guard state.isPlausible else {
        throw TrainingError.damagedRun(path: statePath, reason: "a number in it is out of range")
      }
      return state
    } catch let error as TrainingError {
      throw error
    } catch {
      throw TrainingError.damagedRun(path: statePath, reason: "it is not the JSON that edviz writes")
    }
  }

  private func open(_ stored: RunState.StoredFile) throws -> Checkpoint {
    try check(stored)
    return try Checkpoint(contentsOf: generation(stored.name))
  }

  private func check(_ stored: RunState.StoredFile) throws {
    let path = generation(stored.name)
    guard !stored.name.utf8.contains(UInt8(ascii: "/")), Folders.kind(of: path) == .file else {
      throw TrainingError.damagedRun(path: path, reason: "the file is missing")
    }
    guard try SHA256.hexadecimal(ofFile: path) == stored.sha256 else {
      throw TrainingError.damagedRun(path: path, reason: "its bytes are not those that were written")
    }
  }
}
