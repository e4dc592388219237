import ArgumentParser
import EDViz

struct ModelsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract:
      "List the networks by name, with parameters, multiply-accumulates and the size of the last map.",
    discussion: """
      Names read [cifar-][se-|cbam-|eca-][ed-|twoconv-]FAMILYDEPTH[-VARIANT…]: resnet, resnext, res2net or res2next; variants \
      are a, b and keptN (fewer 3×3 filters), noid, notransform, gN (groups of the added path), sNpM (step and padding \
      of ED), k4 (a window of 4 in ED's decoder), and those that --variant knows, too:

      \(NetworkVariant.known.map { "  \($0.key): \($0.value)" }.joined(separator: "\n"))

      More combinations than those listed are understood, and torchvision's and timm's names (wide_resnet50_2, \
      resnext101_32x8d, ecaresnet50d). Multiply-accumulates are for 224 × 224 pixels, 32 × 32 behind a CIFAR stem.
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    var records: [NetworkRecord] = []
    var text: [String] = []
    for family in ModelRegistry.families {
      var table = TextTable([family.title, "parameters", "MACs", "input", "last map"])
      for name in family.names {
        let network = try Network(ModelRegistry.description(named: name))
        let size = Size2D(Preprocessing.usual(for: network.description).size)
        let summary = NetworkSummary(network, input: size)
        records.append(NetworkRecord(name: name, network, summary))
        table.append([
          name, Quantity.millions(summary.parameters), Quantity.millions(summary.multiplyAccumulates),
          "\(summary.input)", "\(summary.lastSize)",
        ])
      }
      text.append(table.text)
    }
    Terminal.result(json ? try NetworkRecord.json(records) : text.joined(separator: "\n\n"))
  }
}
