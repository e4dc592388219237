import ArgumentParser
import EDViz

struct FigureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figure",
    abstract: "Draw the paper's figures from your own pictures, models and training runs.",
    discussion: """
      Figures are called by their numbers in the paper. Each is written as PNG, SVG and PDF, light or dark, to a fresh \
      folder under Output/figure/, to the folder that --output names, or to the one file that it names.

      EXAMPLES
        edviz figure 1 dog.jpg
        edviz figure 2 photos/ --block conv5_3 -w ed-resnet50.pth --scale shared
        edviz figure 4 photos/ --masks masks/ -w plain=resnet50.pth -w ED=ed-resnet50.pth -o figure4.pdf
        edviz figure 5 Output/train/*/
        edviz figure 6 --data cifar10/ -w cifar-ed-resnet56.safetensors
        edviz figure curves Output/train/one plain=Output/train/two
      """,
    subcommands: [
      Figure1Command.self, Figure2Command.self, Figure4Command.self, Figure5Command.self, Figure6Command.self,
      FigureCurvesCommand.self,
    ])
}
