import ArgumentParser
import EDViz

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a model on labelled pictures, or its attention on marked objects.",
    subcommands: [EvaluateClassificationCommand.self, EvaluateMasksCommand.self])
}

extension CommonOptions {
  /// The folder that the user named, or a fresh one under `Output/evaluate/` that tells of model and data.
  func evaluationFolder(model: ModelOptions, data: String) throws -> ResultFolder {
    if let output { return try ResultFolder(named: output, force: force) }
    let name = "\(model.weights.map(Paths.stem) ?? "default")-on-\(data)"
    return try ResultFolder.fresh(in: "Output/evaluate", name: name, force: force)
  }
}
