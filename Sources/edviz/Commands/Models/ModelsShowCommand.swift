import ArgumentParser
import EDViz

struct ModelsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a network is made of and what it costs, stage by stage and block by block.",
    discussion: """
      Prints the stages in the manner of the paper's Table I; parameters and multiply-accumulates, beside what the paper \
      prints of the same network; memory of activations; and for each block map sizes, cost, and the receptive fields of \
      its branches: the side in pixels of what one value can see.

      EXAMPLES
        edviz models show ed-resnet50 --size 448
        edviz models show my-network.yaml --size 97x130
        edviz models show se-ed-resnext50 --measure
      """)

  @OptionGroup
  var network: NetworkArgument

  @Flag(help: "Also measure how long one image takes, with random weights.")
  var measure = false

  @Option(help: ArgumentHelp("Threads to measure with. Default: one for each core.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func run() throws {
    if let threads { Threads.use(threads) }
    let (network, size) = try network.load()
    let name = self.network.name
    let summary = NetworkSummary(network, input: size)
    if measure { Initializer.fill(network.parameters, seed: 1) }
    let measured = measure ? try ForwardBenchmark(network, ForwardBenchmark.Setting(size: size)) : nil
    if json {
      return Terminal.result(try NetworkRecord.json([NetworkRecord(name: name, network, summary, measured)]))
    }
    var lines = [
      "\(name): \(Quantity.millions(summary.parameters)) parameters, "
        + "\(Quantity.millions(summary.multiplyAccumulates)) multiply-accumulates at \(summary.input), "
        + "\(network.description.classes) classes"
    ]
    lines += PaperTable.printed(model: name).map { table, row in
      let printed = [
        row.parameters.map { "\($0) M parameters" }, row.multiplyAccumulates.map { "\($0) × 10⁹ FLOPs" },
      ]
      return "the paper's Table \(table.number) prints "
        + printed.compactMap { $0 }.joined(separator: " and ")
        + row.notes.map { " (\(table.footnotes[$0]))" }.joined()
    }
    lines.append(
      "activations of one image: \(Quantity.mebibytes(summary.evaluationBytes)) at most in evaluation, "
        + "\(Quantity.mebibytes(summary.trainingBytes)) kept by a training step")
    if let measured {
      let latency = measured.latency
      lines.append(
        "one image: \(latency.median.fixed(1)) ms (median of \(latency.count), \(latency.least.fixed(1)) to "
          + "\(latency.most.fixed(1))) on \(Quantity.threads(measured.threads))")
    }
    let stages = Self.text(StageTable(network, summary))
    Terminal.result((lines + ["", stages, "", Self.blocks(summary)]).joined(separator: "\n"))
  }

  /// The stages, a line for each layer.
  private static func text(_ stages: StageTable) -> String {
    let hasPath = stages.rows.contains { !$0.path.isEmpty }
    var table = TextTable(
      ["stage", "output", "repeat", "transformation"] + (hasPath ? ["added path"] : []) + ["shortcut"],
      leading: [0, 3, 4, 5])
    for row in stages.rows {
      for line in 0..<max(row.transformation.count, row.path.count) {
        let isFirst = line == 0
        var cells = isFirst ? [row.name, "\(row.size)", "\(row.repeats)"] : ["", "", ""]
        cells.append(row.transformation.indices.contains(line) ? row.transformation[line] : "")
        if hasPath { cells.append(row.path.indices.contains(line) ? row.path[line] : "") }
        table.append(cells + [isFirst ? row.shortcut : ""])
      }
    }
    return table.text
  }

  private static func blocks(_ summary: NetworkSummary) -> String {
    let branches = [Branch.input, .transform, .encoder, .decoder, .output].filter { branch in
      summary.blocks.contains { $0.receptiveFields[branch] != nil }
    }
    var table = TextTable(
      ["block", "paper", "map", "channels", "code", "parameters", "MACs", "path's"]
        + branches.map { "sees: \($0.rawValue)" })
    for row in summary.blocks {
      table.append(
        [
          row.name, row.paperName, "\(row.size)", "\(row.channels)", row.encoderSize.map { "\($0)" } ?? "–",
          Quantity.millions(row.parameters), Quantity.millions(row.multiplyAccumulates),
          Quantity.millions(row.pathMultiplyAccumulates),
        ] + branches.map { row.receptiveFields[$0].map { "\($0)" } ?? "–" })
    }
    return table.text
  }
}
