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
        edviz heatmap cat.jpg -r input -r transform -r decoder -r output --scale shared
        edviz heatmap photos/*.jpg --weights ed-resnet50.safetensors --block conv5_3 --output maps
      """)

  @OptionGroup var photographs: PhotographArguments
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "What to show") var tap: TapOptions

  @Option(
    name: .customLong("colormap"),
    help: ArgumentHelp("jet, turbo, viridis, magma, gray or blue-white-red.", valueName: "name"))
  var colorMap = "jet"

  @Option(help: ArgumentHelp("Share of the colours in the overlay, 0 to 1.", valueName: "a"))
  var alpha = 0.5

  @Option(
    help: ArgumentHelp(
      "What the colours stand for: per-map (each map's own range), shared (one range for the maps of a photograph) "
        + "or MIN:MAX.",
      valueName: "scale"))
  var scale = "per-map"

  @Flag(help: "Put a colour bar with the values beside each map.")
  var colorBar = false

  @Option(help: ArgumentHelp("How many of the best classes to report.", valueName: "n"))
  var top = 5

  @OptionGroup(title: "Results") var common: CommonOptions

  func validate() throws {
    guard (0...1).contains(alpha) else { throw ValidationError("--alpha must be from 0 to 1") }
    guard top >= 0 else { throw ValidationError("--top must not be negative") }
    guard HeatmapScale(scale) != nil else {
      throw ValidationError(
        "--scale is '\(scale)', but must be per-map, shared or MIN:MAX with MIN below MAX")
    }
    guard ColorMap.all.contains(where: { $0.name == colorMap }) else {
      let names = ColorMap.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no colour map is called '\(colorMap)'; there are \(names)")
    }
  }

  func run() throws {
    common.useThreads()
    let style = HeatmapStyle(
      colorMap: try ColorMap.named(colorMap), alpha: alpha, scale: HeatmapScale(scale) ?? .perMap,
      showsColorBar: colorBar)
    let taps = try tap.taps()
    let session = PhotographSession(
      command: "heatmap", common: common, loaded: try model.load(), paths: try photographs.expand())
    try session.run(
      decoder: photographs.decoder, taps: taps, classes: top,
      describe: { manifest in
        manifest.scale = style.scale.name
        manifest.colorMap = style.colorMap.name
      },
      handle: { seen, folder, record in
        try HeatmapFiles.write(seen, style: style, to: folder, record: &record)
      },
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
