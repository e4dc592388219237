import ArgumentParser
import EDViz

struct ModelsGraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw a network: its stages, and a block of each kind with its branches.",
    discussion: """
      Stages have the paper's names; the names beside the branches of a block are those that taps have (--branch). The \
      format is that of the output's extension: .svg, .png, .jpg or .pdf.

      EXAMPLES
        edviz models graph ed-resnet50
        edviz models graph se-ed-resnext50 -o block.pdf --size 448
        edviz models graph my-network.yaml -o my-network.png --theme dark
      """)

  @OptionGroup
  var network: NetworkArgument

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The picture to write. Default: NAME.svg in this folder.", valueName: "file"),
    completion: .file(extensions: ["svg", "png", "pdf"]))
  var output: String?

  @Option(help: "light or dark.")
  var theme = "light"

  @Flag(help: "Replace the picture if it is there already.")
  var force = false

  func validate() throws {
    guard ChartTheme(named: theme) != nil else {
      throw ValidationError("--theme is '\(theme)', but must be light or dark")
    }
  }

  func run() throws {
    let (network, size) = try network.load()
    let name = Paths.stem(of: self.network.name)
    let path = output ?? name + ".svg"
    guard force || Folders.kind(of: path) == nil else { throw FileError.exists(path: path) }
    let summary = NetworkSummary(network, input: size)
    let figure = NetworkFigure(
      title: name,
      subtitle: "\(Quantity.millions(summary.parameters)) parameters, "
        + "\(Quantity.millions(summary.multiplyAccumulates)) multiply-accumulates at \(size), "
        + "\(network.description.classes) classes", network, summary)
    try figure.canvas(theme: ChartTheme(named: theme) ?? .light).write(to: path, title: name)
    Terminal.result(path)
  }
}
