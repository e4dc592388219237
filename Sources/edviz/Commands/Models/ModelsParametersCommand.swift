import ArgumentParser
import EDViz
import FoundationEssentials

struct ModelsParametersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parameters",
    abstract: "List the parameters of a network: names and shapes that a weight file must have.",
    discussion: """
      Names are those of the published ED-Net code, shapes PyTorch's. Running statistics of batch normalisation are \
      listed, too.

      EXAMPLES
        edviz models parameters ed-resnet50
        edviz models parameters my-network.yaml --json
      """)

  @Argument(
    help: ArgumentHelp(
      "A name ('edviz models list'), a description in YAML or JSON, or 'default' for the model that edviz brings."
    ),
    completion: .list(ModelRegistry.names))
  var name: String

  @Flag(help: "Print JSON.")
  var json = false

  private struct Record: Encodable {
    let name: String
    let shape: [Int]
  }

  func run() throws {
    let network = try NetworkArgument.load(name).network
    guard json else {
      var table = TextTable(["name", "shape"])
      for parameter in network.parameters {
        table.append([parameter.name, parameter.shape.map(String.init).joined(separator: "×")])
      }
      return Terminal.result(table.text)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let records = network.parameters.map { Record(name: $0.name, shape: $0.shape) }
    Terminal.result(String(decoding: try encoder.encode(records), as: UTF8.self))
  }
}
