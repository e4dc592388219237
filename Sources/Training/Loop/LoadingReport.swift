import Checkpoints
import EDNets
import Networks
import Tensors

/// What a run took from the weights it began with.
public struct LoadingReport: Codable, Hashable, Sendable {
  /// The weight file.
  public var path: String
  /// Parameters whose values it gave.
  public var loaded: [String]
  /// Parameters that it has not, or in another shape, and that were initialised.
  public var initialized: [String]
  /// Tensors of the file that found no place.
  public var unused: [String]

  /// Whether the file gave every parameter, and nothing else.
  public var isWhole: Bool { initialized.isEmpty && unused.isEmpty }

  /// One sentence.
  public var summary: String {
    "\(path): \(loaded.count) of the network's \(loaded.count + initialized.count) tensors loaded, "
      + "\(initialized.count) initialised\(Self.list(initialized)), \(unused.count) of the file's not used"
      + Self.list(unused)
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "" : " (\(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? ", …" : ""))"
  }

  /// Gives parameters the tensors of a checkpoint that fit by name and shape; the others stay as they are.
  /// - Throws: `CheckpointError`, `ModelError` for values that are not finite, or `TrainingError.nothingLoaded`.
  static func load(_ checkpoint: Checkpoint, into parameters: [Parameter]) throws -> LoadingReport {
    let checkpoint = try checkpoint.withCanonicalNames()
    var report = LoadingReport(path: checkpoint.path, loaded: [], initialized: [], unused: [])
    for parameter in parameters {
      guard let entry = checkpoint[parameter.name], entry.shape == parameter.shape else {
        report.initialized.append(parameter.name)
        continue
      }
      let value = try entry.tensor()
      guard value.isFinite else {
        throw ModelError.unusableValues(
          path: checkpoint.path, tensor: entry.name, reason: "holds values that are not finite")
      }
      parameter.value = value
      report.loaded.append(parameter.name)
    }
    guard !report.loaded.isEmpty else {
      throw TrainingError.nothingLoaded(
        path: checkpoint.path, tensors: checkpoint.map(\.name), wanted: parameters.map(\.name))
    }
    let taken = Set(report.loaded)
    report.unused = checkpoint.filter { !$0.isStepCounter && !taken.contains($0.name) }.map(\.name)
    return report
  }
}
