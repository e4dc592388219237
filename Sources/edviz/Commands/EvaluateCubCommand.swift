import ArgumentParser
import EDViz

struct EvaluateCubCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cub",
    abstract: "Score attention masks on the birds of CUB-200-2011.",
    discussion: """
      ROOT is the folder as it is published, with images.txt, image_class_labels.txt, train_test_split.txt, classes.txt, \
      bounding_boxes.txt, parts/part_locs.txt and segmentations/ (an archive of its own, also found beside ROOT). What \
      is scored is what 'edviz evaluate masks --help' says, at 448 pixels unless --size or --sizes say otherwise; boxes \
      are compared with the marked ones. Also the share of visible parts inside the mask, and top-1 where classes fit: \
      the model knows them by name, or has as many.

      \(LocalisationSession.filesHelp)

      EXAMPLES
        edviz evaluate cub CUB_200_2011/
        edviz evaluate cub CUB_200_2011/ -w ed=ed50.safetensors -w plain=resnet50.safetensors --protocol scda
        edviz evaluate cub CUB_200_2011/ -r input -r decoder -r output --sizes 224,448
        edviz evaluate cub CUB_200_2011/ --output birds --resume
      """)

  /// Which pictures.
  enum Split: String, CaseIterable, ExpressibleByArgument {
    case train, test, all
  }

  @Argument(help: ArgumentHelp("The folder.", valueName: "root"), completion: .directory)
  var root: String

  @Option(help: ArgumentHelp("Which pictures: train, test or all.", valueName: "split"))
  var split = Split.test

  @Option(
    help: ArgumentHelp(
      "The object of each picture: masks (votes in grey, foreground above half) or boxes.", valueName: "what")
  )
  var objects = BirdsInputs.Objects.masks

  @Option(
    help: ArgumentHelp("Folder of the masks, if it is elsewhere.", valueName: "folder"),
    completion: .directory)
  var segmentations: String?

  @OptionGroup(title: "What looks, and where") var attention: AttentionOptions
  @OptionGroup(title: "What to cut out") var rule: MaskOptions
  @OptionGroup(title: "How to score") var scoring: ScoringOptions
  @OptionGroup(title: "Results") var common: CommonOptions
  @OptionGroup(title: "Results") var reporting: ReportOptions

  func validate() throws {
    guard objects == .masks || segmentations == nil else {
      throw ValidationError("--segmentations belongs to --objects masks")
    }
  }

  func run() throws {
    let session = LocalisationSession(
      attention: attention, rule: rule, scoring: scoring, common: common, reporting: reporting)
    let reading =
      objects == .masks
      ? "segmentations, \(MaskReading.votes)"
      : "bounding_boxes.txt, to the nearest pixels; the filled box"
    try session.run(
      name: Paths.stem(of: root), objects: objects.rawValue, reading: reading, split: split.rawValue,
      size: 448
    ) {
      let birds = try BirdsInputs(
        root: root, split: DatasetSplit(rawValue: split.rawValue), objects: objects,
        segmentations: segmentations)
      return LocalisationSession.Data(inputs: birds.inputs, problems: birds.problems, classes: birds.classes)
    }
  }
}

extension BirdsInputs.Objects: ExpressibleByArgument {}
