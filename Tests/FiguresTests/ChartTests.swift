import Images
import Testing

@testable import Figures

@Suite struct ChartTests {
  private func lines(_ marks: [Mark], _ color: Color) -> [[Place]] {
    marks.flatMap { mark -> [[Place]] in
      switch mark {
      case .clip(_, let inner): lines(inner, color)
      case .line(let places, let stroke) where stroke.color == color: [places]
      default: []
      }
    }
  }

  private func texts(_ canvas: Canvas) -> [String] {
    canvas.marks.compactMap { if case .text(let text, _, _, _, _) = $0 { text } else { nil } }
  }

  private func chart(_ points: [(x: Double, y: Double)], log: Bool = false) -> Canvas {
    var panel = LineChart.Panel(
      xLabel: "x", yLabel: "y", series: [LineChart.Series("", points: points, color: 0)])
    panel.yScale = log ? .logarithmic : .linear
    return LineChart(panels: [panel]).canvas()
  }

  /// A line ends before a value that is not finite and begins anew behind it.
  @Test func valuesThatAreNotFiniteAreGaps() {
    let color = ChartTheme.light.series[0]
    let canvas = chart([(0, 1), (1, 2), (2, .nan), (3, 1), (4, 5), (5, 2), (6, -.infinity), (7, 1)])
    #expect(lines(canvas.marks, color).map(\.count) == [2, 3])
    // Zero has no logarithm.
    #expect(
      lines(chart([(0, 1), (1, 2), (2, 0), (3, 1), (4, 5)], log: true).marks, color).map(\.count) == [2, 2])
  }

  @Test func nothingIsSaidInASentence() {
    for points in [[], [(x: 0.0, y: Double.nan)], [(x: .infinity, y: 1)], [(x: 1, y: 1e301)]] {
      #expect(texts(chart(points)).contains("There is nothing to show yet."))
    }
    #expect(texts(LineChart.learningCurves([]).canvas()).contains("No epoch has finished yet."))
    #expect(texts(LineChart.learningCurves(runs: []).canvas()).contains("No epoch has finished yet."))
  }

  /// A hundred thousand points become at most four for each third of a point, and none is missing at the extremes.
  @Test func manyPointsAreThinned() throws {
    var points = (0..<100_000).map { (x: Double($0), y: Double($0 % 7)) }
    points[54_321].y = 50
    let drawn = try #require(lines(chart(points).marks, ChartTheme.light.series[0]).first)
    #expect(drawn.count < 480 * 12)
    let top = try #require(drawn.map(\.y).min())
    #expect(drawn.filter { $0.y < top + 20 }.count == 1)
  }

  /// Nothing of the legend lies inside a pair of axes, wherever it stands.
  @Test func legendsAreBesideOrBelow() throws {
    for place in [LineChart.LegendPlace.automatic, .below, .beside] {
      for count in [1, 3, 9, 30] {
        let series = (0..<count).map {
          LineChart.Series("series number \($0)", points: [(0, 0), (1, Double($0))], color: $0)
        }
        var chart = LineChart(panels: [LineChart.Panel(xLabel: "", yLabel: "", series: series)])
        chart.legendPlace = place
        let canvas = chart.canvas()
        let clip = canvas.marks.compactMap { if case .clip(let area, _) = $0 { area } else { nil } }
        let plot = try #require(clip.first)
        var named = 0
        for case .text(let text, let at, _, _, _) in canvas.marks where text.hasPrefix("series") {
          named += 1
          #expect(at.x > plot.right || at.y > plot.bottom)
        }
        #expect(named == count)
      }
    }
  }

  @Test func learningCurvesShowBothHalves() {
    let epochs = Samples.epochs(10, seed: 2)
    let chart = LineChart.learningCurves(title: "run", epochs)
    #expect(chart.panels.map(\.yLabel) == ["loss", "top-1 error in %"])
    #expect(chart.panels.allSatisfy { $0.series.map(\.line) == [.dashed, .solid] })
    #expect(chart.panels[0].events == [6])
    #expect(abs(chart.panels[1].series[0].points[3].y - (1 - epochs[3].trainTop1) * 100) < 1e-9)
    let without = epochs.map { EpochPoint(epoch: $0.epoch, trainLoss: 1, trainTop1: 0.5, rate: 0.1) }
    #expect(LineChart.learningCurves(without).panels.allSatisfy { $0.series.count == 1 && $0.events.isEmpty })
    let runs = LineChart.learningCurves(runs: [("a", epochs), ("b", without)])
    #expect(runs.panels[1].series.map(\.name) == ["a", "b (training)"])
    #expect(runs.panels[0].series.map(\.color) == [0, 1])
  }

  @Test func confusionCountsAreWrittenUpToTwentyClasses() {
    let small = ConfusionMatrixFigure(counts: [[3, 1], [0, 12345]], names: ["a", "b"])
    #expect(texts(small.canvas()).filter { ["3", "1", "0", "12,345"].contains($0) } == ["3", "1", "12,345"])
    #expect(small.summary == "100.0 % of 12,349 examples right")
    #expect(!texts(Samples.matrix(classes: 21).canvas()).contains("12"))
    #expect(ConfusionMatrixFigure(counts: [[0]], names: ["a"]).summary == "no examples")
  }

  /// A row's colours depend on its shares alone; a class without examples has no share.
  @Test func confusionColorsAreSharesOfTheRow() {
    let colors = ConfusionMatrixFigure(
      counts: [[10, 0, 0], [500, 500, 0], [0, 0, 0]], names: ["a", "b", "c"]
    ).colors(.light)
    func color(_ row: Int, _ column: Int) -> Color { colors[row * 3 + column] }
    let theme = ChartTheme.light
    #expect(color(0, 0) == theme.heat(1) && color(0, 1) == theme.heat(0))
    #expect(color(1, 0) == theme.heat(0.5.squareRoot()) && color(1, 1) == color(1, 0))
    #expect(color(2, 2) == theme.grid)
  }

  /// Runs of one ratio have a disc each and a line through their mean; a network without ED is a level line.
  @Test func reductionsAreMeansOfRuns() throws {
    let chart = LineChart.accuracyOverReduction(
      accuracy: "top-1",
      [
        LineChart.ReductionSeries(name: "ed", runs: [(0.5, 0.9), (0.25, 0.7), (0.5, 0.8)]),
        LineChart.ReductionSeries(name: "plain", runs: [(nil, 0.6), (nil, 0.7)]),
      ])
    let series = chart.panels[0].series
    #expect(series.map(\.name) == ["ed", "", "plain, no ED"])
    #expect(series.map(\.line) == [.solid, .discs, .dashed])
    #expect(series[0].points.map(\.x) == [25, 50])
    #expect(zip(series[0].points.map(\.y), [70, 85]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(series[1].points.count == 3)
    #expect(series[2].points.map(\.x) == [25, 50] && series[2].points.allSatisfy { abs($0.y - 65) < 1e-9 })
    let marks = chart.canvas().marks.flatMap { if case .clip(_, let inner) = $0 { inner } else { [$0] } }
    #expect(marks.count { if case .disc = $0 { true } else { false } } == 3)
  }
}
