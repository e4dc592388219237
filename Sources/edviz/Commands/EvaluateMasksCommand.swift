import ArgumentParser
import EDViz

struct EvaluateMasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks",
    abstract: "Score how well attention masks lie on objects that someone marked, by masks or boxes.",
    discussion: """
      A row for each model, input size, block and branch, over the same pictures:

        mask IoU     of attention mask and object (of the filled box with --boxes), and its 95 % interval
        best IoU     with the best of the fixed thresholds 0, 0.01 … 1 on the normalised map, chosen on these pictures
        box IoU      of the boxes around the mask, all parts or the largest, and of the object; share above 0.5
        pixel AP     average precision of the map's values as scores of pixels, mean over pictures
        pointing     share of pictures whose maximum lies on the object
        energy       share of the positive map on the object

      Below, on the same pictures, masks that need no network: the whole picture, and the centred box of half its area. \
      Other rows are compared with the first: paired bootstrap intervals, and p of a sign-flip permutation test.

      \(LocalisationSession.filesHelp)

      A mask is found by its picture's name, in a subfolder of the same name or else in any. What the network does not \
      see (--fit crop) counts as without attention.

      EXAMPLES
        edviz evaluate masks --images photos/ --masks masks/
        edviz evaluate masks --images photos/ --masks masks/ -r F -r ED -r output --sizes 224,448
        edviz evaluate masks --images photos/ --masks masks/ -w ed=ed.safetensors -w plain=plain.safetensors
        edviz evaluate masks --boxes val/*/boxes.txt --box-ends included --protocol scda
      """)

  @OptionGroup(title: "Pictures") var pictures: MarkedPictureArguments
  @OptionGroup(title: "What looks, and where") var attention: AttentionOptions
  @OptionGroup(title: "What to cut out") var rule: MaskOptions
  @OptionGroup(title: "How to score") var scoring: ScoringOptions
  @OptionGroup(title: "Results") var common: CommonOptions
  @OptionGroup(title: "Results") var reporting: ReportOptions

  func run() throws {
    let session = LocalisationSession(
      attention: attention, rule: rule, scoring: scoring, common: common, reporting: reporting)
    let marking = pictures.marking
    try session.run(name: pictures.name, objects: marking.objects, reading: marking.reading) {
      try pictures.data()
    }
  }
}
