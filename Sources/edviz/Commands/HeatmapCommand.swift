import ArgumentParser
import EDViz

struct HeatmapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heatmap",
    abstract: "Draw where the network looks as colours over photographs.",
    discussion: """
      For each photograph: the overlay (-overlay.png), the map alone (-map.png) and the unscaled depth sums (.npy), \
      in a folder that ends with manifest.json. The map is the sum over channels of a branch of a residual block, \
      resized bilinearly to the photograph. Several branches stand side by side.

      EXAMPLES
        edviz heatmap cat.jpg --color-bar
        edviz heatmap cat.jpg -r x -r F -r ED -r output --scale shared
        edviz heatmap photos/ -w resnet50.pth --block conv5_3 -o maps
        edviz heatmap photos/ --report
      """)

  @OptionGroup var photographs: PhotographArguments
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "What to show") var tap: TapOptions

  @OptionGroup(title: "How to draw it") var drawing: DrawingOptions
  @OptionGroup(title: "Results") var reporting: ReportOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  func run() throws {
    let (style, taps) = (try drawing.style(), try tap.taps())
    let session = try ResultSession(
      command: "heatmap", common: common, model: model, paths: try photographs.expand(common))
    var page = reporting.report ? HeatmapReport(taps: taps, classes: drawing.top) : nil
    try session.run(
      overPhotographs: photographs, taps: taps, classes: drawing.top,
      describe: { manifest in
        manifest.scale = style.scale.name
        manifest.colorMap = style.colorMap.name
        manifest.alpha = style.alpha
      },
      make: { try HeatmapFiles($0, style: style) },
      handle: { seen, files, folder, record in
        try files.write(seen.look, to: folder, record: &record)
        try page?.add(seen, style: style, record: record)
      },
      report: { page?.report($0, failed: $1) },
      summarize: summary)
  }

  private func summary(_ record: Manifest.Input, _ folder: ResultFolder) -> [String] {
    var lines = [record.path, "  overlay  \(folder.path)/\(record.outputs[0])"]
    for map in record.maps {
      let range = map.rawRange.map { "\($0)" }.joined(separator: " … ")
      lines.append("  range    \(range)  (\(map.block) \(map.branch), \(map.size[0])×\(map.size[1]))")
    }
    if !record.classes.isEmpty {
      let classes = record.classes.map { score in
        "\(score.name ?? "class \(score.index)") \((Double(score.probability) * 1000).rounded() / 10) %"
      }
      lines.append("  classes  " + classes.joined(separator: ", "))
    }
    return lines
  }
}
