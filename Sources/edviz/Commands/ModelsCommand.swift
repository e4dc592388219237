import ArgumentParser
import EDViz
import FoundationEssentials

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the networks that edviz builds, or show one.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "List the networks by name, with parameters, multiply-accumulates and the size of the last map.",
      discussion: """
        Names read [cifar-][ed-]resnetDEPTH[-option-a][-gGROUPS]; other numbers of groups than those listed are \
        understood too. Multiply-accumulates are for 224 × 224 pixels, 32 × 32 for CIFAR networks.
        """)

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      var table = TextTable(["name", "parameters", "MACs", "input", "last map"])
      var records: [NetworkRecord] = []
      for name in ModelRegistry.names {
        let network = try Network(ModelRegistry.description(named: name))
        let side = Preprocessing.usual(for: network.description).size
        let summary = NetworkSummary(network, input: Size2D(side))
        records.append(NetworkRecord(name: name, network: network, summary: summary))
        table.append([
          name, Quantity.millions(summary.parameters), Quantity.millions(summary.multiplyAccumulates),
          "\(summary.input)", "\(summary.lastSize)",
        ])
      }
      Terminal.result(json ? try NetworkRecord.json(records) : table.text)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a network block by block: map sizes, channels, parameters, multiply-accumulates.",
      discussion: """
        EXAMPLES
          edviz models show ed-resnet50 --size 448
          edviz models show my-network.json --size 97x130
        """)

    @Argument(
      help: "A name ('edviz models list'), a JSON description, or 'default' for the model that edviz brings.",
      completion: .list(ModelRegistry.names))
    var name: String

    @Option(
      help: ArgumentHelp(
        "Side of the images, or ROWSxCOLUMNS. Default: what the network is for.", valueName: "n"))
    var size: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let network: Network
      var side: Int
      if name == "default" {
        let model = try Model.bundled()
        (network, side) = (model.network, model.preprocessing.size)
      } else {
        switch try ModelOptions.architecture(name) {
        case .named(let name): network = try Network(ModelRegistry.description(named: name))
        case .described(let description, _): network = try Network(description)
        }
        side = Preprocessing.usual(for: network.description).size
      }
      let summary = NetworkSummary(network, input: try size.map(Self.parse) ?? Size2D(side))
      if json {
        return Terminal.result(
          try NetworkRecord.json([NetworkRecord(name: name, network: network, summary: summary)]))
      }
      var table = TextTable(["block", "paper", "map", "channels", "encoder", "parameters", "MACs"])
      for row in summary.blocks {
        table.append([
          row.name, row.paperName, "\(row.size)", "\(row.channels)", row.encoderSize.map { "\($0)" } ?? "–",
          Quantity.millions(row.parameters), Quantity.millions(row.multiplyAccumulates),
        ])
      }
      let stem = "\(summary.stem[0])×\(summary.stem[1])×\(summary.stem[2])"
      Terminal.result(
        """
        \(name): \(Quantity.millions(summary.parameters)) parameters, \
        \(Quantity.millions(summary.multiplyAccumulates)) multiply-accumulates at \(summary.input)
        stem: \(stem) before the first block; \(network.description.classes) classes

        \(table.text)
        """)
    }

    private static func parse(_ text: String) throws -> Size2D {
      let sides = text.split(whereSeparator: { "x×".contains($0) }).map { Int($0) ?? 0 }
      guard (1...2).contains(sides.count), sides.allSatisfy({ (1...16_384).contains($0) }) else {
        throw Failure(.usage, "--size is '\(text)', but must be a side or ROWSxCOLUMNS, from 1 to 16384")
      }
      return Size2D(height: sides[0], width: sides[sides.count - 1])
    }
  }
}

/// Numbers as tables print them.
enum Quantity {
  /// "28.42 M", "0.27 M", "4289 M".
  static func millions(_ count: Int) -> String {
    let value = Double(count) / 1e6
    return value.fixed(value >= 1000 ? 0 : 2) + " M"
  }
}

/// A network as JSON.
private struct NetworkRecord: Encodable {
  var name: String
  var parameters: Int
  var multiplyAccumulates: Int
  var input: Size2D
  var lastMap: Size2D
  var network: NetworkDescription

  init(name: String, network: Network, summary: NetworkSummary) {
    self.name = name
    parameters = summary.parameters
    multiplyAccumulates = summary.multiplyAccumulates
    input = summary.input
    lastMap = summary.lastSize
    self.network = network.description
  }

  static func json(_ records: [NetworkRecord]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(records), as: UTF8.self)
  }
}
