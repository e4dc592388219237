import ArgumentParser
import EDViz

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a model on labelled pictures, or its attention on marked objects.",
    subcommands: [EvaluateClassificationCommand.self, EvaluateMasksCommand.self, EvaluateCubCommand.self])
}

extension CommonOptions {
  /// The folder that the user named, or a fresh one under `Output/evaluate/` that tells of model and data.
  func evaluationFolder(model: String, data: String, force: Bool? = nil) throws -> ResultFolder {
    let force = force ?? self.force
    if let output { return try ResultFolder(named: output, force: force) }
    return try ResultFolder.fresh(in: "Output/evaluate", name: "\(model)-on-\(data)", force: force)
  }
}
