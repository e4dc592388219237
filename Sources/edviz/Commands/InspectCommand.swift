import ArgumentParser
import EDViz
import FoundationEssentials

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a weight file holds and which network it is for.",
    discussion: """
      Prints the format, what stands in the file beside tensors, each tensor of the network (name, shape, type, range), the \
      network that it is for and the command that loads it; or the nearest networks and what differs. A file that \
      holds no weights is named for what it is. Nothing in the file is executed.

      EXAMPLES
        edviz inspect checkpoint.pth
        edviz inspect moco.pth.tar --prefix module.encoder_q
        edviz inspect model.safetensors --json
      """)

  @Argument(help: "The file.", completion: .file())
  var file: String

  @OptionGroup var choice: WeightChoiceOptions

  @Flag(help: "Print everything, and errors, as JSON; also the tensors of all dictionaries.")
  var json = false

  func run() throws {
    let found = try WeightInspection(contentsOf: file, choice: choice.choice)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      Terminal.result(String(decoding: try encoder.encode(found), as: UTF8.self))
    } else {
      Terminal.result(InspectionText(found).text)
    }
  }
}
