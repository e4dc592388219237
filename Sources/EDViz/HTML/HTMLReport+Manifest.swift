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
    let (model, engine, fit) = (manifest.model, manifest.engine, manifest.model.preprocessing)
    func triple(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ", ") }
    facts = [
      Facts("Summary", summary),
      Facts(
        "Protocol",
        [
          ("input", fit.fit == .none ? "pictures as they are" : "\(fit.size) pixels, \(fit.fit.rawValue)"),
          ("mean, deviation", "\(triple(fit.mean)); \(triple(fit.standardDeviation))"),
        ] + protocolFacts),
      Facts(
        "Model and program",
        [
          ("model", model.name), ("weights", model.checkpoint ?? "bundled with edviz"),
          ("SHA-256", model.checkpointSHA256 ?? "not known yet"),
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
