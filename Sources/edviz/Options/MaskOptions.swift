import ArgumentParser
import EDViz

/// How a map becomes a mask.
struct MaskOptions: ParsableArguments {
  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "paper (strictly above the mean of the map resized to the picture, all parts) or scda (strictly above the mean of "
        + "the network's own map, its largest part by 8 neighbours); the options below change parts of it.",
      valueName: "name"))
  var preset = MaskProtocol.Preset.paper

  @Option(
    parsing: .unconditional, help: ArgumentHelp("mean, otsu, quantile:Q or value:V.", valueName: "rule"),
    completion: .list(["mean", "otsu", "quantile:", "value:"]))
  var threshold: String?

  @Option(help: ArgumentHelp("Attention lies strictly above it, or at-least there.", valueName: "how"))
  var comparison: MaskProtocol.Comparison?

  @Option(
    help: ArgumentHelp(
      "Where the threshold is taken: image (the map resized to the photograph) or feature-map.",
      valueName: "place"))
  var thresholdAt: MaskProtocol.Resolution?

  @Option(
    help: ArgumentHelp(
      "How a mask made at feature-map is resized: nearest, or bilinear (above one half).", valueName: "rule"))
  var maskResizing: MaskProtocol.Resizing?

  @Option(help: ArgumentHelp("Connected parts to keep: all or largest.", valueName: "rule"))
  var component: ComponentRule?

  @Option(help: ArgumentHelp("Neighbours that belong together: 4 or 8.", valueName: "n"))
  var connectivity: Connectivity?

  func maskProtocol() throws -> MaskProtocol {
    var rule = preset.rule
    if let threshold { rule.threshold = try Threshold(threshold) }
    if let comparison { rule.comparison = comparison }
    if let thresholdAt { rule.resolution = thresholdAt }
    if let component { rule.component = component }
    if let connectivity { rule.connectivity = connectivity }
    if let maskResizing {
      guard rule.resolution == .featureMap else {
        throw Failure(.usage, "--mask-resizing applies to --threshold-at feature-map alone")
      }
      rule.resizing = maskResizing
    }
    return rule
  }
}

extension MaskProtocol.Preset: ExpressibleByArgument {}
extension MaskProtocol.Comparison: ExpressibleByArgument {}
extension MaskProtocol.Resolution: ExpressibleByArgument {}
extension MaskProtocol.Resizing: ExpressibleByArgument {}
extension ComponentRule: ExpressibleByArgument {}
extension Connectivity: ExpressibleByArgument {}
