import ArgumentParser
import EDViz

struct FigureCurvesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves",
    abstract: "Learning curves of several training runs in one chart.",
    discussion: """
      Training loss and top-1 error of the validation pictures over the epochs. Runs that still go on may be among them.

      EXAMPLES
        edviz figure curves Output/train/one Output/train/two
        edviz figure curves plain=runs/a ED=runs/b --loss-scale logarithmic --title 'CIFAR-10' -o curves.svg
      """)

  @OptionGroup var runs: RunArguments

  @Option(help: ArgumentHelp("Scale of the losses: linear or logarithmic.", valueName: "scale"))
  var lossScale = AxisScale.linear

  @OptionGroup(title: "How to draw it") var options: FigureOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  func run() throws {
    try FigureSession("curves", inputs: runs.runs, common: common, options: options).run(
      inputs: runs.runs.count, model: nil
    ) { manifest, failures in
      let records = try runs.load(&failures)
      guard !records.isEmpty else { return nil }
      manifest.figure?.runs = records.map {
        Manifest.Figure.Run(name: $0.name, path: $0.path, epochs: $0.epochs.count)
      }
      return LineChart.learningCurves(
        title: options.title ?? "", runs: records.map { ($0.name, $0.points) }, lossScale: lossScale
      ).canvas(theme: options.chartTheme)
    }
  }
}

extension AxisScale: ExpressibleByArgument {
  /// `linear` or `logarithmic`.
  public init?(argument: String) {
    switch argument {
    case "linear": self = .linear
    case "logarithmic": self = .logarithmic
    default: return nil
    }
  }
}
