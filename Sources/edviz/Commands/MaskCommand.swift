import ArgumentParser
import EDViz

struct MaskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mask",
    abstract: "Cut out where the network looks: a mask, its outline, its box.",
    discussion: """
      For each photograph: the mask (-mask.png, white is attention) and the photograph with the mask's outline and \
      bounding box (-contour.png). A pixel is attention if the depth sum there lies strictly above the threshold, \
      by default the mean of the map after it was resized to the photograph.

      EXAMPLES
        edviz mask bird.jpg
        edviz mask bird.jpg --threshold otsu --component largest
        edviz mask birds/ --threshold-at feature-map --component largest   (as SCDA does)
      """)

  @OptionGroup var photographs: PhotographArguments
  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Residual block: last, torchvision's layer4.2, the paper's conv5_3, or an index.", valueName: "block"))
  var block = "last"

  @Option(
    name: [.customShort("r"), .long],
    help: ArgumentHelp(
      "Branch: input (x), shortcut, transform (F), encoder, decoder (ED), sum, output, x+F, x+ED, F+ED.",
      valueName: "branch"))
  var branch = "output"

  @Option(help: ArgumentHelp("mean, otsu, quantile:Q or value:V.", valueName: "rule"))
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

  @OptionGroup(title: "Results") var common: CommonOptions

  func run() throws {
    common.useThreads()
    let rule = MaskProtocol(
      threshold: try Threshold(threshold), resolution: thresholdAt, component: component,
      connectivity: connectivity)
    let tap = Tap(block: block, branch: try AttentionBranch(named: branch))
    let session = PhotographSession(
      command: "mask", common: common, loaded: try model.load(), paths: try photographs.expand())
    try session.run(
      decoder: photographs.decoder, taps: [tap], classes: 0,
      describe: { $0.masking = Manifest.Masking(rule) },
      handle: { seen, folder, record in
        try MaskFiles.write(seen, rule: rule, to: folder, record: &record)
      },
      summarize: summary)
  }

  private func summary(_ record: Manifest.Input, _ folder: ResultFolder) -> [String] {
    var lines = [
      record.path, "  mask     \(folder.path)/\(record.outputs[0])",
      "  contour  \(folder.path)/\(record.outputs[1])",
    ]
    if let mask = record.mask {
      let share = "\((mask.areaShare * 1000).rounded() / 10) % of the picture above \(mask.level)"
      lines.append("  area     \(share), in \(mask.components) part\(mask.components == 1 ? "" : "s")")
      if let box = mask.box {
        lines.append("  box      x \(box[0])–\(box[2]), y \(box[1])–\(box[3])")
      }
    }
    return lines
  }
}

extension MaskProtocol.Resolution: ExpressibleByArgument {}
extension ComponentRule: ExpressibleByArgument {}
extension Connectivity: ExpressibleByArgument {}
