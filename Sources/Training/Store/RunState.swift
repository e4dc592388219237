import Datasets

/// Where a saved run stands; with the two tensor files that it names, all that the next step depends on.
struct RunState: Codable, Hashable {
  /// A tensor file and what it must hold.
  struct StoredFile: Codable, Hashable {
    /// Its name in the folder of the state.
    var name: String
    /// SHA-256 of its bytes.
    var sha256: String
  }

  /// A validation that was better than all before it.
  struct Best: Codable, Hashable {
    var top1: Double
    /// From 1.
    var epoch: Int
    /// The parameters: a model file.
    var weights: StoredFile
  }

  /// What an epoch has gathered so far.
  struct Tally: Codable, Hashable {
    /// Pictures learnt from.
    var count = 0
    /// Sum of their losses.
    var lossSum = 0.0
    /// Those whose own class had the highest logit.
    var top1 = 0
    /// Wall time in training.
    var seconds = 0.0

    var meanLoss: Double { count > 0 ? lossSum / Double(count) : 0 }
    var top1Share: Double { count > 0 ? Double(top1) / Double(count) : 0 }
  }

  static let currentVersion = 2

  /// Changes when a reader must change.
  var schemaVersion = currentVersion
  /// Counts the states of a run.
  var generation = 0
  /// SHA-256 of the recipe's essentials.
  var recipe: String
  /// The classes, in the order of the logits.
  var classes: [String]
  /// The pictures.
  var data: RunData
  /// What the run took from other weights; it decides the groups of parameters.
  var loading: LoadingReport?
  /// The epoch that is under way or comes next, from 0.
  var epoch = 0
  /// Batches of that epoch that were learnt from.
  var batch = 0
  /// Steps of the whole run.
  var step = 0
  /// What the epoch has gathered so far.
  var tally = Tally()
  /// Pictures that could not be read for the epoch so far.
  var unreadable: [BatchLoader.BadImage] = []
  /// The best validation so far.
  var best: Best?
  /// Wall time of the whole run.
  var seconds = 0.0
  /// What it was computed with.
  var engine = RunEngine()
  /// Bytes of each log at this moment.
  var logs: [String: Int] = [:]
  /// Parameters and running statistics: a model file.
  var weights = StoredFile(name: "", sha256: "")
  /// Their average, if one is kept: a model file.
  var average: StoredFile?
  /// What the optimiser keeps beside them.
  var optimizer = StoredFile(name: "", sha256: "")

  /// The state before the first step.
  init(recipe: String, classes: [String], data: RunData) {
    self.recipe = recipe
    self.classes = classes
    self.data = data
  }

  /// Whether its numbers are such as a run counts: none is negative, or so large that counting on would overflow.
  var isPlausible: Bool {
    let counts = [generation, epoch, batch, step, tally.count, tally.top1, best?.epoch ?? 0]
    return (counts + logs.values + unreadable.map(\.position)).allSatisfy { (0...1 << 48).contains($0) }
  }
  /// The files that the state is made of.
  var files: [StoredFile] { [weights, optimizer] + [average, best?.weights].compactMap { $0 } }
  /// The model that is scored and published: the average if one is kept.
  var scored: StoredFile { average ?? weights }
}
