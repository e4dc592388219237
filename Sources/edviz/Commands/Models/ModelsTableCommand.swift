import ArgumentParser
import EDViz

struct ModelsTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Print a table of the paper: complexity as computed beside what is printed there.",
    discussion: """
      Multiply-accumulates (the paper's FLOPs) are computed for 224 × 224 pixels, 32 × 32 for CIFAR networks.

      EXAMPLES
        edviz models table III
        edviz models table XVIII --format markdown
        edviz models table VI --format csv > table6.csv
      """)

  @Argument(help: "The table's number: I, III, VI or XVIII.", completion: .list(PaperTable.all.map(\.number)))
  var number: String

  @Option(help: "text, csv or markdown.")
  var format = TableFormat.text

  func run() throws {
    guard let paper = PaperTable(number: number) else {
      let known = PaperTable.all.map(\.number).joined(separator: ", ")
      throw Failure(.usage, "the paper's Table \(number) has no complexity in it; these have: \(known)")
    }
    let marks = ["¹", "²", "³", "⁴"]
    let hasParameters = paper.rows.contains { $0.parameters != nil }
    let hasOperations = paper.rows.contains { $0.multiplyAccumulates != nil }
    var table = TextTable(
      ["model", "edviz name"] + (hasParameters ? ["parameters (M), printed", "computed"] : [])
        + (hasOperations ? ["FLOPs (10⁹), printed", "computed"] : []), leading: [0, 1])
    for row in paper.rows {
      let computed = try ModelComplexity(model: row.model)
      var cells = [row.label + (format == .csv ? "" : row.notes.map { marks[$0] }.joined()), row.model]
      if hasParameters {
        let decimals = paper.number == "XVIII" ? 2 : 1
        cells += [row.parameters?.fixed(decimals) ?? "–", (Double(computed.parameters) / 1e6).fixed(2)]
      }
      if hasOperations {
        cells += [
          row.multiplyAccumulates?.fixed(1) ?? "–", (Double(computed.multiplyAccumulates) / 1e9).fixed(2),
        ]
      }
      table.append(cells)
    }
    guard format != .csv else { return Terminal.result(table.csv) }
    let notes = paper.footnotes.enumerated().map { "\(marks[$0.offset]) \($0.element)" }
    let heading = "Table \(paper.number): \(paper.title)"
    let parts =
      format == .markdown
      ? ["**\(heading)**", table.markdown] + notes
      : [heading, table.text, notes.joined(separator: "\n")]
    Terminal.result(parts.joined(separator: "\n\n"))
  }
}

/// How a table is printed.
enum TableFormat: String, CaseIterable, ExpressibleByArgument {
  case text, csv, markdown
}
