import ArgumentParser
import EDViz

/// Files and looks that all figures have.
struct FigureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Formats, with commas between: png, svg, pdf. Default: all three, or that of the file that --output names.",
      valueName: "formats"))
  var format: FormatList?

  @Option(help: ArgumentHelp("light or dark.", valueName: "theme"), completion: .list(["light", "dark"]))
  var theme = "light"

  @Option(help: ArgumentHelp("Stands above the figure.", valueName: "text"))
  var title: String?

  @Option(
    help: ArgumentHelp("Pixels per inch (72 points) of PNG files and of pictures inside.", valueName: "n"))
  var dpi = 200.0

  /// Formats, each once.
  struct FormatList: ExpressibleByArgument {
    static let all = ["png", "svg", "pdf"]
    let names: [String]

    init?(argument: String) {
      var seen: Set<String> = []
      let names = argument.lowercased().split(separator: ",", omittingEmptySubsequences: false).map(
        String.init)
      guard names.allSatisfy(Self.all.contains) else { return nil }
      self.names = names.filter { seen.insert($0).inserted }
    }
  }

  func validate() throws {
    guard ChartTheme(named: theme) != nil else { throw ValidationError("--theme must be light or dark") }
    guard (36...1200).contains(dpi) else { throw ValidationError("--dpi must be from 36 to 1200") }
  }

  var chartTheme: ChartTheme { ChartTheme(named: theme) ?? .light }
}

/// How figures with pictures are laid out.
struct PictureFigureOptions: ParsableArguments {
  @OptionGroup var colors: ColorOptions

  @Option(help: ArgumentHelp("Width of a picture in points, 1/72 inch.", valueName: "n"))
  var cell = 108.0

  @Flag(help: "Leave out the names of the photographs.")
  var noNames = false

  func validate() throws {
    guard (40...1000).contains(cell) else { throw ValidationError("--cell must be from 40 to 1000") }
  }

  func style(_ figure: FigureOptions) throws -> PictureFigureStyle {
    PictureFigureStyle(heatmap: try colors.style(), cellWidth: cell, pixelsPerPoint: figure.dpi / 72)
  }
}
