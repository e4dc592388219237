import EDViz
import FoundationEssentials

/// What was measured of a network, for people and programs.
struct BenchReport {
  let name: String
  let measured: ForwardBenchmark

  /// As JSON.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let totals = totals.reduce(into: [String: ForwardBenchmark.Cost]()) { $0[$1.name] = $1.cost }
    let record = Record(name: name, edviz: edvizVersion, totals: totals, measured: measured)
    return String(decoding: try encoder.encode(record), as: UTF8.self)
  }

  private struct Record: Encodable {
    let name: String, edviz: String
    let totals: [String: ForwardBenchmark.Cost]
    let measured: ForwardBenchmark
  }

  /// For a terminal.
  var text: String {
    ([facts, blocks.text, sums.text]).joined(separator: "\n\n")
  }

  /// A row for each branch of each block.
  var branches: TextTable {
    var table = TextTable(["block", "branch", "milliseconds", "share", "multiply-accumulates", "gigaflops"])
    for part in measured.parts {
      let cost = part.cost
      table.append([
        part.block, part.branch?.rawValue ?? "", "\(cost.milliseconds)", "\(cost.share)",
        "\(cost.multiplyAccumulates)", "\(cost.gigaflops)",
      ])
    }
    return table
  }

  private var facts: String {
    let m = measured
    let (latency, peak) = (m.latency, m.peak)
    let images = m.batch == 1 ? "1 image" : "\(m.batch) images"
    let taps = m.taps ? ", every branch tapped" : ""
    return """
      \(name), \(images) of \(m.size)\(taps): \(Quantity.threads(m.threads)), \(m.kernels) kernels, \(m.backend)
      latency: \(latency.median.fixed(2)) ms (median of \(latency.count), \(latency.least.fixed(2)) to \
      \(latency.most.fixed(2))), \(m.imagesPerSecond.fixed(1)) images/s
      work: \(Quantity.millions(m.multiplyAccumulates)) multiply-accumulates, \(m.gigaflops.fixed(1)) GFLOP/s
      processor: \(peak.median.fixed(1)) GFLOP/s at most (median, \(peak.least.fixed(1)) to \(peak.most.fixed(1))); \
      the network reaches \(Self.percent(m.shareOfPeak)) of it, \(m.timesFloor.fixed(2)) times the \
      \(m.floor.fixed(2)) ms that its multiply-accumulates need
      memory: \(Quantity.mebibytes(m.peakMemory)) at most in this process
      """
  }

  /// A row for each block, a column for each branch.
  private var blocks: TextTable {
    let columns: [Branch] = [.shortcut, .transform, .encoder, .decoder, .sum].filter { branch in
      measured.parts.contains { $0.branch == branch }
    }
    var table = TextTable(["ms"] + columns.map { Self.heading($0) } + ["all", "share", "GFLOP/s"])
    var names: [String] = []
    for part in measured.parts where names.last != part.block { names.append(part.block) }
    for name in names {
      let parts = measured.parts.filter { $0.block == name }
      let cells = columns.map { column in
        parts.first { $0.branch == column }.map { $0.cost.milliseconds.fixed(3) } ?? "–"
      }
      table.append([name] + cells + Self.cells(measured.total { $0.block == name }))
    }
    return table
  }

  private var sums: TextTable {
    var table = TextTable(["over the network", "ms", "share", "GFLOP/s"])
    for (name, cost) in totals { table.append([name] + Self.cells(cost)) }
    table.append([
      "between the steps", measured.rest.fixed(3), Self.percent(measured.rest / measured.meanPass), "–",
    ])
    return table
  }

  /// What users ask for: what all encoders and all decoders cost.
  private var totals: [(name: String, cost: ForwardBenchmark.Cost)] {
    func total(_ name: String, _ branches: Branch...) -> (String, ForwardBenchmark.Cost)? {
      let isMember = { (part: ForwardBenchmark.Part) in part.branch.map(branches.contains) ?? false }
      return measured.parts.contains(where: isMember) ? (name, measured.total(where: isMember)) : nil
    }
    let each = [
      total("shortcuts", .shortcut), total("transforms", .transform), total("encoders", .encoder),
      total("decoders", .decoder), total("sums", .sum),
    ]
    let isPath = measured.parts.contains { $0.branch == .encoder }
    return each.compactMap { $0 }
      + (isPath ? [total("encoders, decoders and sums", .encoder, .decoder, .sum)] : []).compactMap { $0 }
  }

  private static func heading(_ branch: Branch) -> String { branch == .transform ? "F" : branch.rawValue }

  private static func cells(_ cost: ForwardBenchmark.Cost) -> [String] {
    [
      cost.milliseconds.fixed(3), percent(cost.share),
      cost.multiplyAccumulates > 0 ? cost.gigaflops.fixed(1) : "–",
    ]
  }

  private static func percent(_ share: Double) -> String { (share * 100).fixed(1) + " %" }
}
