import ArgumentParser
import EDViz

@main
struct EDVizCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edviz",
    abstract: "Shows where a deep residual network looks.",
    discussion: """
      Taps the branches of residual blocks, y = ReLU(F(x) + x + ED(x)), and draws their depth sums as heatmaps \
      and attention masks. Without --weights a small ED-Net that comes with edviz is used.

      EXAMPLES
        edviz heatmap cat.jpg
        edviz heatmap photos/ --branch input --branch decoder --branch output --scale shared
        edviz mask bird.jpg --component largest
        edviz stats photos/ --report
        edviz figure 2 photos/
        edviz heatmap cat.jpg --weights resnet50.pth --block layer4.2
        edviz inspect checkpoint.pth
        edviz train Examples/Recipes/cifar10-short.yaml
        edviz evaluate classification --weights model.safetensors --data photos/
        edviz evaluate masks --images photos/ --masks masks/
        edviz evaluate cub CUB_200_2011/ --weights ed=ed.safetensors --weights plain=plain.safetensors

      EXIT STATUS
        0 all done · 1 some inputs failed · 64 wrong usage · 65 unusable data · 66 missing input ·
        70 edviz's own mistake · 71 out of memory · 73 cannot write · 130 and 143 stopped by a signal
      """,
    version: edvizVersion,
    subcommands: [
      HeatmapCommand.self, MaskCommand.self, TapsCommand.self, StatsCommand.self, FigureCommand.self,
      ModelsCommand.self, InspectCommand.self, ConvertCommand.self, TrainCommand.self, EvaluateCommand.self,
      BenchCommand.self,
    ])

  static func main() {
    Failure.listenForSystem(arguments: CommandLine.arguments)
    do {
      if let mistake = ConvolutionBackends.environmentMistake { throw Failure(.usage, mistake) }
      var command = try parseAsRoot(Array(CommandLine.words.dropFirst()))
      try command.run()
    } catch {
      Failure.end(with: error, arguments: CommandLine.words)
    }
  }
}
