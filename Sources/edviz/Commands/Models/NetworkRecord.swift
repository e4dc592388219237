import EDViz
import FoundationEssentials

/// A network as JSON.
struct NetworkRecord: Encodable {
  var name: String
  var parameters: Int
  var multiplyAccumulates: Int
  var input: Size2D
  var lastMap: Size2D
  var evaluationBytes: Int
  var trainingBytes: Int
  var latency: Spread?
  var threads: Int?
  var blocks: [NetworkSummary.BlockRow]
  var network: NetworkDescription

  init(name: String, _ network: Network, _ summary: NetworkSummary, _ measured: ForwardBenchmark? = nil) {
    self.name = name
    latency = measured?.latency
    threads = measured?.threads
    parameters = summary.parameters
    multiplyAccumulates = summary.multiplyAccumulates
    input = summary.input
    lastMap = summary.lastSize
    evaluationBytes = summary.evaluationBytes
    trainingBytes = summary.trainingBytes
    blocks = summary.blocks
    self.network = network.description
  }

  static func json(_ records: [NetworkRecord]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(records), as: UTF8.self)
  }
}
