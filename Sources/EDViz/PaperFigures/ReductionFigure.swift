/// Accuracy over the reduction ratio of ED from training runs (paper, Fig. 5).
public struct ReductionFigure {
  /// Which epoch's accuracy is shown.
  public enum Choice: String, CaseIterable, Sendable {
    /// The last one's: nothing was chosen on the validation pictures.
    case last
    /// The best one's.
    case best
  }

  /// The runs, with their ratios and what is shown of them.
  public let runs: [Manifest.Figure.Run]
  private let networks: [LineChart.ReductionSeries]
  private let choice: Choice
  private let stage: Int?

  /// A figure of runs; those without ED stand beside those with ED. Networks that differ in more than step and padding of
  /// ED are lines of their own.
  /// - Parameters:
  ///   - stage: from 1, whose ratio is shown; nil means the mean over stages.
  ///   - failed: is given what is wrong with a run; what it throws ends the work.
  /// - Throws: `RunFigureError.noRatios`.
  public init(
    _ records: [TrainingRecord], choice: Choice, stage: Int?,
    failed: (any Error) throws -> Void = { throw $0 }
  ) throws {
    (self.choice, self.stage) = (choice, stage)
    var runs: [Manifest.Figure.Run] = []
    var networks: [(key: NetworkDescription, series: LineChart.ReductionSeries)] = []
    for record in records {
      do {
        let (run, base) = try Self.run(record, choice)
        let ratio = try run.reductionRatios.map { try Self.ratio(of: $0, stage, record) }
        runs.append(run)
        let place = networks.firstIndex { $0.key == base } ?? networks.count
        if place == networks.count {
          let name = Self.name(of: base) ?? record.name
          networks.append((base, LineChart.ReductionSeries(name: name, runs: [])))
        }
        networks[place].series.runs.append((ratio, run.top1 ?? 0))
      } catch {
        try failed(error)
      }
    }
    (self.runs, self.networks) = (runs, networks.map(\.series))
    guard runs.isEmpty || runs.contains(where: { $0.reductionRatios != nil }) else {
      throw RunFigureError.noRatios
    }
  }

  /// What is shown of a run, and its network with the paper's step and padding.
  private static func run(
    _ record: TrainingRecord, _ choice: Choice
  ) throws -> (run: Manifest.Figure.Run, base: NetworkDescription) {
    let (description, input) = try record.network()
    let scores = record.epochs.compactMap { $0.validation?.top1 }
    guard let top1 = choice == .last ? scores.last : scores.max() else {
      throw RunFigureError.noValidation(run: record.path)
    }
    var run = Manifest.Figure.Run(
      name: record.name, path: record.path, epochs: record.epochs.count, top1: top1)
    guard let path = description.path as? EncoderDecoder else { return (run, description) }
    var base = description
    base.path = EncoderDecoder(groups: path.groups)
    run.reductionRatios = NetworkSummary(try Network(description), input: input).reductionRatios
    return (run, base)
  }

  private static func ratio(
    of ratios: [Double], _ stage: Int?, _ record: TrainingRecord
  ) throws(RunFigureError) -> Double {
    guard let stage else { return ratios.reduce(0, +) / Double(ratios.count) }
    guard ratios.indices.contains(stage - 1) else {
      throw .absentStage(run: record.path, stage: stage, stages: ratios.count)
    }
    return ratios[stage - 1]
  }

  /// The registered name of a network, whatever its classes.
  private static func name(of network: NetworkDescription) -> String? {
    ModelRegistry.names.first { name in
      (try? ModelRegistry.description(named: name, classes: network.classes)) == network
    }
  }

  /// The figure.
  public func chart(title: String) -> LineChart {
    var chart = LineChart.accuracyOverReduction(
      title: title, accuracy: "validation top-1 in %, \(choice.rawValue) epoch", networks)
    chart.panels[0].xLabel += stage.map { ", stage \($0)" } ?? ", mean over stages"
    return chart
  }
}
