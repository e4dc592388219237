import ArgumentParser
import EDViz

struct MaskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mask",
    abstract: "Cut out where the network looks: a mask, its outline, its box.",
    discussion: """
      For each photograph: the mask (-mask.png, white is attention), the photograph with the mask's outline and \
      bounding box (-contour.png) and the unscaled depth sum (.npy). A pixel is attention if the depth sum there lies strictly above the threshold, \
      by default the mean of the map after it was resized to the photograph.

      EXAMPLES
        edviz mask bird.jpg
        edviz mask bird.jpg --threshold otsu --component largest
        edviz mask birds/ --protocol scda

      With --fit crop, masks and boxes are those of the part that the network saw.
      """)

  @OptionGroup var photographs: PhotographArguments
  @OptionGroup(title: "Model") var model: ModelOptions

  @OptionGroup(title: "What to look at") var tap: TapOptions
  @OptionGroup(title: "What to cut out") var rule: MaskOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  func run() throws {
    let protocolRule = try rule.maskProtocol()
    let taps = try tap.taps()
    guard taps.count == 1 else { throw Failure(.usage, "a mask is made of one branch, not of \(taps.count)") }
    let session = try ResultSession(
      command: "mask", common: common, model: model, paths: try photographs.expand(common))
    try session.run(
      overPhotographs: photographs, taps: taps,
      describe: { $0.masking = Manifest.Masking(protocolRule) },
      make: { try MaskFiles($0, rule: protocolRule) },
      handle: { seen, files, folder, record in
        try files.write(seen.look, to: folder, record: &record)
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
