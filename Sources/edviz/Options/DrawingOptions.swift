import ArgumentParser
import EDViz

/// How values become colours over a photograph.
struct ColorOptions: ParsableArguments {
  @Option(
    name: .customLong("colormap"),
    help: ArgumentHelp("\(Self.colorMaps.joined(separator: ", ")).", valueName: "name"),
    completion: .list(Self.colorMaps))
  var colorMap = "jet"

  @Option(help: ArgumentHelp("Share of the colours over the photograph, 0 to 1.", valueName: "a"))
  var alpha = 0.5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What the colours stand for: per-map (each map's own range), shared (one range for the maps of a photograph) "
        + "or MIN:MAX.",
      valueName: "scale"),
    completion: .list(["per-map", "shared"]))
  var scale = "per-map"

  private static var colorMaps: [String] { ColorMap.all.map(\.name) }

  func validate() throws {
    guard (0...1).contains(alpha) else { throw ValidationError("--alpha must be from 0 to 1") }
    guard HeatmapScale(scale) != nil else {
      throw ValidationError(
        "--scale is '\(scale)', but must be per-map, shared or MIN:MAX with MIN below MAX")
    }
    guard Self.colorMaps.contains(colorMap) else {
      let names = Self.colorMaps.joined(separator: ", ")
      throw ValidationError("no colour map is called '\(colorMap)'; there are \(names)")
    }
  }

  func style() throws -> HeatmapStyle {
    HeatmapStyle(colorMap: try ColorMap.named(colorMap), alpha: alpha, scale: HeatmapScale(scale) ?? .perMap)
  }
}

/// How a heatmap is drawn, and what is said of it.
struct DrawingOptions: ParsableArguments {
  @OptionGroup var colors: ColorOptions

  @Flag(help: "Put a colour bar with the values beside each map.")
  var colorBar = false

  @Option(help: ArgumentHelp("How many of the best classes to report.", valueName: "n"))
  var top = 5

  func validate() throws {
    guard top >= 0 else { throw ValidationError("--top must not be negative") }
  }

  func style() throws -> HeatmapStyle {
    var style = try colors.style()
    style.showsColorBar = colorBar
    return style
  }
}
