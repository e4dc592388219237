import ArgumentParser
import EDViz

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract:
      "List the networks that edviz builds, show or draw one, list its parameters, or print the paper's tables.",
    subcommands: [
      ModelsListCommand.self, ModelsShowCommand.self, ModelsGraphCommand.self, ModelsParametersCommand.self,
      ModelsTableCommand.self,
    ],
    defaultSubcommand: ModelsListCommand.self)
}

/// The network that a user names on the command line.
struct NetworkArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A name ('edviz models list'), a description in YAML or JSON, or 'default' for the model that edviz brings."
    ),
    completion: .list(ModelRegistry.names))
  var name: String

  @Option(
    help: ArgumentHelp(
      "Side of the images, or ROWSxCOLUMNS. Default: what the network is for.", valueName: "n"))
  var size: String?

  /// The network, and the size of its images.
  func load() throws -> (network: Network, size: Size2D) {
    let asked = try size.map { try ImageSize.parse($0, "--size") }
    let (network, side) = try Self.load(name)
    return (network, asked ?? Size2D(side))
  }

  /// The network that a name stands for, and the usual side of its images.
  static func load(_ name: String) throws -> (network: Network, side: Int) {
    if name == "default" {
      let model = try Model.bundled()
      return (model.network, model.preprocessing.size)
    }
    let network: Network
    switch try ModelOptions.architecture(name) {
    case .named(let name): network = try Network(ModelRegistry.description(named: name))
    case .described(let description, _): network = try Network(description)
    }
    return (network, Preprocessing.usual(for: network.description).size)
  }
}

/// Numbers as tables print them.
enum Quantity {
  /// "28.42 M", "0.27 M", "4289 M".
  static func millions(_ count: Int) -> String {
    let value = Double(count) / 1e6
    return value.fixed(value >= 1000 ? 0 : 2) + " M"
  }

  /// "12.3 MiB".
  static func mebibytes(_ bytes: Int) -> String { (Double(bytes) / 1_048_576).fixed(1) + " MiB" }

  /// "1 thread", "2 threads".
  static func threads(_ count: Int) -> String { count == 1 ? "1 thread" : "\(count) threads" }
}
