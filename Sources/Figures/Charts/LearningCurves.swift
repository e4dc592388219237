/// What is known of a run after an epoch.
public struct EpochPoint: Hashable, Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// Mean loss over the epoch's batches.
  public var trainLoss: Double
  /// Mean loss over the validation pictures; nil if none were looked at.
  public var validationLoss: Double?
  /// Share of the epoch's pictures whose first guess was right, 0 to 1.
  public var trainTop1: Double
  /// Share of the validation pictures whose first guess was right, 0 to 1; nil if none were looked at.
  public var validationTop1: Double?
  /// Learning rate at the end of the epoch.
  public var rate: Double

  /// The numbers of one epoch.
  public init(
    epoch: Int, trainLoss: Double, validationLoss: Double? = nil, trainTop1: Double,
    validationTop1: Double? = nil, rate: Double
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.validationLoss = validationLoss
    self.trainTop1 = trainTop1
    self.validationTop1 = validationTop1
    self.rate = rate
  }
}

extension LineChart {
  /// Loss and top-1 error of a run over its epochs: training dashed, validation solid. Dotted lines stand where the
  /// learning rate fell at once to less than 60 %.
  public static func learningCurves(
    title: String = "", _ epochs: [EpochPoint], lossScale: AxisScale = .linear
  ) -> LineChart {
    func points(_ value: (EpochPoint) -> Double?) -> [(x: Double, y: Double)] {
      // A value that was not measured is no gap: validation may come every few epochs.
      epochs.compactMap { epoch in value(epoch).map { (Double(epoch.epoch), $0) } }
    }
    func panel(_ label: String, train: [(x: Double, y: Double)], validation: [(x: Double, y: Double)])
      -> Panel
    {
      var series = [Series("training", points: train, color: 0, line: .dashed)]
      if !validation.isEmpty { series.append(Series("validation", points: validation, color: 1)) }
      return learningPanel(label, series)
    }
    let steps = zip(epochs, epochs.dropFirst()).filter { $1.rate < $0.rate * 0.6 }.map { Double($1.epoch) }
    var loss = panel("loss", train: points { $0.trainLoss }, validation: points(\.validationLoss))
    loss.yScale = lossScale
    let error = panel(
      "top-1 error in %", train: points { errorPercent($0.trainTop1) },
      validation: points { $0.validationTop1.map(errorPercent) })
    var chart = LineChart(title: title, panels: [loss, error])
    // A rate that falls all the time would fill the chart with lines.
    if steps.count <= 8 {
      for index in chart.panels.indices { chart.panels[index].events = steps }
      chart.eventName = "learning rate lowered"
    }
    return chart
  }

  /// Training loss and top-1 error of several runs over their epochs. Errors are those of the validation pictures where
  /// a run has any, else of the training pictures, dashed.
  public static func learningCurves(
    title: String = "", runs: [(name: String, epochs: [EpochPoint])], lossScale: AxisScale = .linear
  ) -> LineChart {
    var (loss, error): ([Series], [Series]) = ([], [])
    for (index, run) in runs.enumerated() {
      let train = run.epochs.map { (x: Double($0.epoch), y: $0.trainLoss) }
      loss.append(Series(run.name, points: train, color: index))
      let validation = run.epochs.compactMap { epoch in
        epoch.validationTop1.map { (x: Double(epoch.epoch), y: errorPercent($0)) }
      }
      let training = run.epochs.map { (x: Double($0.epoch), y: errorPercent($0.trainTop1)) }
      error.append(
        validation.isEmpty
          ? Series(run.name + " (training)", points: training, color: index, line: .dashed)
          : Series(run.name, points: validation, color: index))
    }
    var left = learningPanel("training loss", loss)
    left.yScale = lossScale
    return LineChart(title: title, panels: [left, learningPanel("validation top-1 error in %", error)])
  }

  private static func learningPanel(_ label: String, _ series: [Series]) -> Panel {
    var panel = Panel(xLabel: "epoch", yLabel: label, series: series)
    panel.countsX = true
    panel.emptySentence = "No epoch has finished yet."
    return panel
  }

  private static func errorPercent(_ top1: Double) -> Double { (1 - top1) * 100 }
}
