import ArgumentParser
import EDViz

/// How a map becomes a mask.
struct MaskOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("mean, otsu, quantile:Q or value:V.", valueName: "rule"),
    completion: .list(["mean", "otsu", "quantile:", "value:"]))
  var threshold = "mean"

  @Option(
    help: ArgumentHelp(
      "Where the threshold is taken: image (the map resized to the photograph) or feature-map.",
      valueName: "place"))
  var thresholdAt = MaskProtocol.Resolution.image

  @Option(help: ArgumentHelp("Connected parts to keep: all or largest.", valueName: "rule"))
  var component = ComponentRule.all

  @Option(help: ArgumentHelp("Neighbours that belong together: 4 or 8.", valueName: "n"))
  var connectivity = Connectivity.eight

  func maskProtocol() throws -> MaskProtocol {
    MaskProtocol(
      threshold: try Threshold(threshold), resolution: thresholdAt, component: component,
      connectivity: connectivity)
  }
}

extension MaskProtocol.Resolution: ExpressibleByArgument {}
extension ComponentRule: ExpressibleByArgument {}
extension Connectivity: ExpressibleByArgument {}
