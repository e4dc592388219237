import ArgumentParser
import EDViz

struct Figure5Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "5",
    abstract: "Accuracy over the reduction ratio of ED, from training runs.",
    discussion: """
      The ratio is the side of ED's code over that of the map it reads, which follows from step and padding of ED and \
      the size of the map. Runs of one network and ratio, such as several seeds, are joined by their mean; a network \
      without ED is a dashed line.

      EXAMPLES
        edviz train Examples/Recipes/cifar10-short.yaml --network cifar-ed-resnet20-s3p1
        edviz figure 5 Output/train/*/
        edviz figure 5 runs/s1p0 runs/s2p1 runs/s3p1 --accuracy best --stage 1 -o figure5.pdf
      """)

  @OptionGroup var runs: RunArguments

  @Option(help: ArgumentHelp("Epoch whose top-1 is shown: last or best.", valueName: "epoch"))
  var accuracy = ReductionFigure.Choice.last

  @Option(
    help: ArgumentHelp(
      "Stage whose ratio is shown, from 1. Default: the mean over stages.", valueName: "n"))
  var stage: Int?

  @OptionGroup(title: "How to draw it") var options: FigureOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  func validate() throws {
    guard stage.map({ $0 > 0 }) ?? true else { throw ValidationError("--stage must be at least 1") }
  }

  func run() throws {
    try FigureSession("5", inputs: runs.runs, common: common, options: options).run(
      inputs: runs.runs.count, model: nil
    ) { manifest, failures in
      let figure = try ReductionFigure(
        try runs.load(&failures), choice: accuracy, stage: stage, failed: { try failures.note($0) })
      guard !figure.runs.isEmpty else { return nil }
      manifest.figure?.runs = figure.runs
      return figure.chart(title: options.title ?? "").canvas(theme: options.chartTheme)
    }
  }
}

extension ReductionFigure.Choice: ExpressibleByArgument {}
