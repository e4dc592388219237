import ArgumentParser
import EDViz

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the networks that edviz builds, show one, or print the paper's tables of complexity.",
    subcommands: [ModelsListCommand.self, ModelsShowCommand.self, ModelsTableCommand.self],
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
    let asked = try size.map(Self.parse)
    if name == "default" {
      let model = try Model.bundled()
      return (model.network, asked ?? Size2D(model.preprocessing.size))
    }
    let network: Network
    switch try ModelOptions.architecture(name) {
    case .named(let name): network = try Network(ModelRegistry.description(named: name))
    case .described(let description, _): network = try Network(description)
    }
    return (network, asked ?? Size2D(Preprocessing.usual(for: network.description).size))
  }

  private static func parse(_ text: String) throws -> Size2D {
    let sides = text.split(whereSeparator: { "x×".contains($0) }).map { Int($0) ?? 0 }
    guard (1...2).contains(sides.count), sides.allSatisfy({ (1...16_384).contains($0) }) else {
      throw Failure(.usage, "--size is '\(text)', but must be a side or ROWSxCOLUMNS, from 1 to 16384")
    }
    return Size2D(height: sides[0], width: sides[sides.count - 1])
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
}
