import FoundationEssentials
import HTMLReports
import Reports

extension HTMLReport {
  /// A report of a command whose record is as good as ready: title, summary, and how the numbers were made.
  /// - Parameters:
  ///   - summary: what came of it, in a few words each.
  ///   - protocolFacts: what the numbers depend on, beside the model and the preprocessing.
  public init(
    title: String, summary: [(name: String, value: String)], protocolFacts: [(name: String, value: String)],
    manifest: Manifest
  ) {
    self.init(title: title)
    let (model, engine) = (manifest.model, manifest.engine)
    func triple(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ", ") }
    let input = (model?.preprocessing).map { fit in
      [
        ("input", fit.fit == .none ? "pictures as they are" : "\(fit.size) pixels, \(fit.fit.rawValue)"),
        ("mean, deviation", "\(triple(fit.mean)); \(triple(fit.standardDeviation))"),
      ]
    }
    let weights = model.map { model in
      [
        ("model", model.name), ("weights", model.checkpoint ?? "bundled with edviz"),
        ("SHA-256", model.checkpointSHA256 ?? "not known yet"),
      ]
    }
    facts = [
      Facts("Summary", summary),
      Facts("Protocol", (input ?? []) + protocolFacts),
      Facts(
        "Model and program",
        (weights ?? []) + [
          (
            "engine",
            "edviz \(manifest.edviz), \(engine.backend), \(engine.kernels), \(engine.threads) threads"
          ),
          ("command", manifest.command.joined(separator: " ")),
        ]),
    ]
    footer = "Made by edviz \(manifest.edviz), \(Timestamp.now())."
  }
}
