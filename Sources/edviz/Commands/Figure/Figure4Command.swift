import ArgumentParser
import EDViz

struct Figure4Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "4",
    abstract:
      "Activation maps and attention regions of several models, beside the photographs and their masks.",
    discussion: """
      A row for each photograph: the photograph, its mask of the same name in --masks, and for each model the depth \
      sum of the block's output and the region where it lies strictly above its mean, with their IoU. A photograph whose \
      mask is missing or cannot be used is shown without it, named and counted.

      EXAMPLES
        edviz figure 4 photos/ --masks masks/
        edviz figure 4 photos/ -w ResNet-50=resnet50.pth -w 'ResNet-50 + ED=ed-resnet50.pth' --block conv5_3
        edviz figure 4 photos/ --threshold otsu --component largest --theme dark -o figure4.pdf
      """)

  @OptionGroup var photographs: PhotographArguments
  @OptionGroup(title: "Models") var models: NamedModelOptions
  @OptionGroup(title: "What to show") var choice: ChoiceOptions
  @OptionGroup(title: "What to cut out") var rule: MaskOptions
  @OptionGroup(title: "How to draw it") var layout: PictureFigureOptions
  @OptionGroup(title: "How to draw it") var options: FigureOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  struct ChoiceOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Folder of masks: pictures of the same name and size, brighter than half where the object is, or more opaque than "
          + "half where they have an alpha channel that parts them.",
        valueName: "folder"),
      completion: .directory)
    var masks: String?

    @OptionGroup var place: BlockOption

    @Option(
      name: [.customShort("r"), .long], help: ArgumentHelp("Branch of the block.", valueName: "branch"),
      completion: .list(AttentionBranch.all.map(\.name)))
    var branch = "output"
  }

  func run() throws {
    let paths = try photographs.expand(common)
    let (protocolRule, style) = (try rule.maskProtocol(), try layout.style(options))
    let masks = try choice.masks.map { try MaskFolder($0, of: paths, decoder: photographs.decoder) }
    common.warn(masks?.remarks ?? [])
    let loaded = try models.load(common)
    let figure = try RegionFigure(
      models: loaded.map {
        RegionFigure.NamedSession(name: $0.name, session: AttentionSession(model: $0.loaded.model))
      }, tap: Tap(block: choice.place.block, branch: try AttentionBranch(named: choice.branch)),
      rule: protocolRule,
      masks: masks, style: style)
    let records = try loaded.map { try NamedModelOptions.record($0.loaded, named: $0.name) }
    try FigureSession("4", inputs: paths, common: common, options: options).run(
      figure, of: paths, photographs: photographs, layout: layout, model: records[0].model,
      describe: { manifest in
        manifest.masking = Manifest.Masking(protocolRule)
        manifest.figure?.block = choice.place.block
        manifest.figure?.models = records
      })
  }
}
