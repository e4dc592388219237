import ArgumentParser
import EDViz

struct Figure1Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "1",
    abstract: "Single channels of a block's input, its mean map, and the enhanced map.",
    discussion: """
      For each photograph: above, the maps of single channels of the block's input; below, the photograph, the mean map \
      over all channels, and the mean map of ED's output.

      EXAMPLES
        edviz figure 1 dog.jpg
        edviz figure 1 dog.jpg --channels 3,17,42 --enhanced output -o figure1.pdf
        edviz figure 1 dog.jpg -w ed-resnet50.pth --theme dark --format png
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
      help: ArgumentHelp(
        "Channels of its input, counted from 0. Default: the three of the largest means on the photograph.",
        valueName: "n,n,…"))
    var channels: ChannelList?

    @Option(
      help: ArgumentHelp(
        "Branch of the third map. Default: decoder (ED), or output where the block has none.",
        valueName: "branch"),
      completion: .list(AttentionBranch.all.map(\.name)))
    var enhanced: String?
  }

  /// Numbers with commas between, each once.
  struct ChannelList: ExpressibleByArgument {
    let values: [Int]

    init?(argument: String) {
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      values = parts.compactMap { $0 }
      guard values.count == parts.count, (1...16).contains(values.count), Set(values).count == values.count,
        values.allSatisfy({ (0...1_000_000).contains($0) })
      else { return nil }
    }
  }

  func run() throws {
    let paths = try photographs.expand(common)
    let loaded = try model.load(common)
    let figure = try ChannelFigure(
      session: AttentionSession(model: loaded.model), block: choice.place.block,
      channels: choice.channels?.values,
      enhanced: try choice.enhanced.map { try AttentionBranch(named: $0) }, style: try layout.style(options))
    let record = try NamedModelOptions.record(loaded, named: loaded.model.name).model
    try FigureSession("1", inputs: paths, common: common, options: options).run(
      figure, of: paths, photographs: photographs, layout: layout, model: record,
      describe: { $0.figure?.block = choice.place.block })
  }
}
