import ArgumentParser
import EDViz

struct Figure2Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "2",
    abstract: "The branches of one block and their sums, a row for each photograph.",
    discussion: """
      Columns are the photograph, x, F(x), ED(x), x+F(x), x+ED(x), F(x)+ED(x) and the output; those that the block does \
      not have are left out.

      EXAMPLES
        edviz figure 2 dog.jpg bird.jpg
        edviz figure 2 photos/ --block conv5_3 -w ed-resnet50.pth --scale shared
        edviz figure 2 photos/ -r x -r F -r ED -r output --cell 90 -o figure2.svg
      """)

  @OptionGroup var photographs: PhotographArguments
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "What to show") var choice: ChoiceOptions
  @OptionGroup(title: "How to draw it") var layout: PictureFigureOptions
  @OptionGroup(title: "How to draw it") var options: FigureOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  struct ChoiceOptions: ParsableArguments {
    @OptionGroup var place: BlockOption

    @Option(
      name: [.customShort("r"), .long],
      help: ArgumentHelp("Column, repeated for several. Default: those of the paper.", valueName: "branch"),
      completion: .list(AttentionBranch.all.map(\.name)))
    var branch: [String] = []
  }

  func run() throws {
    let paths = try photographs.expand(common)
    let loaded = try model.load(common)
    let figure = try BranchFigure(
      session: AttentionSession(model: loaded.model), block: choice.place.block,
      branches: try choice.branch.map { try AttentionBranch(named: $0) }, style: try layout.style(options))
    let record = try NamedModelOptions.record(loaded, named: loaded.model.name).model
    try FigureSession("2", inputs: paths, common: common, options: options).run(
      figure, of: paths, photographs: photographs, layout: layout, model: record,
      describe: { $0.figure?.block = choice.place.block })
  }
}
