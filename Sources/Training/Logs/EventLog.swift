import Files
import FoundationEssentials

/// A file of JSON objects, one a line: every so many steps, every epoch, and what else happened.
final class EventLog: TrainingLog {
  static let name = "log.jsonl"

  let file: LogFile
  private let interval: Int
  private let encoder: JSONEncoder

  /// A log in a folder that goes on behind its first bytes.
  /// - Parameter interval: steps from one line to the next; none for 0.
  init(folder: String, keeping count: Int, interval: Int) throws {
    file = try LogFile(path: folder + "/" + Self.name, keeping: count)
    self.interval = interval
    encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  }

  private struct Line<Content: Encodable>: Encodable {
    var event: String
    var content: Content

    private enum Keys: String, CodingKey { case event }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(event, forKey: .event)
      try content.encode(to: encoder)
    }
  }

  private struct Beginning: Encodable {
    var classes: Int
    var trainImages: Int
    var validationImages: Int
    var stepsPerEpoch: Int
    var epochs: Int
    var parameters: Int
    var resumedAt: Int?
    var loading: Loading?
    var remarks: [String]
  }

  /// What was taken from other weights, in numbers.
  private struct Loading: Encodable {
    var path: String
    var loaded: Int
    var initialized: Int
    var unused: Int

    init(_ report: LoadingReport) {
      (path, loaded) = (report.path, report.loaded.count)
      (initialized, unused) = (report.initialized.count, report.unused.count)
    }
  }

  private struct Ending: Encodable {
    var reason: String
    var step: Int
    var bestTop1: Double?
    var bestEpoch: Int?
    var seconds: Double
  }

  private struct BadImages: Encodable {
    var count: Int
    var first: [String]
  }

  func observe(_ event: TrainingEvent, in run: TrainingRun) throws {
    switch event {
    case .runBegan(let outline):
      try append(
        "began",
        Beginning(
          classes: outline.classes.count, trainImages: outline.trainImages,
          validationImages: outline.validationImages, stepsPerEpoch: outline.stepsPerEpoch,
          epochs: outline.epochs, parameters: outline.parameters, resumedAt: outline.resumedAt,
          loading: outline.loading.map(Loading.init), remarks: outline.remarks))
    case .stepEnded(let report):
      if interval > 0, report.step % interval == 0 { try append("step", report) }
    case .epochEnded(let report): try append("epoch", report)
    case .badImages(let count, let first): try append("badImages", BadImages(count: count, first: first))
    case .runEnded(let end):
      try append(
        "ended",
        Ending(
          reason: "\(end.reason)", step: end.step, bestTop1: end.best?.top1, bestEpoch: end.best?.epoch,
          seconds: end.seconds))
    case .validationAdvanced, .checkpointWritten: break
    }
  }

  private func append(_ event: String, _ content: some Encodable) throws {
    try file.append(String(decoding: try encoder.encode(Line(event: event, content: content)), as: UTF8.self))
  }
}
