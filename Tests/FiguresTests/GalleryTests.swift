import Figures
import Glibc
import Images
import Testing

/// Every kind of figure, written to the folder that `EDVIZ_GALLERY` names, for people to look at.
@Suite(.enabled(if: getenv("EDVIZ_GALLERY") != nil, "EDVIZ_GALLERY names no folder")) struct GalleryTests {
  private let folder = getenv("EDVIZ_GALLERY").map { String(cString: $0) } ?? ""

  private func write(_ name: String, _ canvas: (ChartTheme) -> Canvas) throws {
    for (suffix, theme) in [("light", ChartTheme.light), ("dark", .dark)] {
      let drawing = canvas(theme)
      try drawing.write(to: "\(folder)/\(name)-\(suffix).png", scale: 1.5)
      try drawing.write(to: "\(folder)/\(name)-\(suffix).svg", title: name)
    }
    try canvas(.light).write(to: "\(folder)/\(name).pdf")
  }

  @Test func learningCurves() throws {
    let epochs = Samples.epochs(24, seed: 1)
    try write("curves") {
      LineChart.learningCurves(title: "ED-Net 2-2-2-2 on CIFAR-10", epochs).canvas(theme: $0)
    }
    try write("curves-log") { theme in
      LineChart.learningCurves(epochs, lossScale: .logarithmic).canvas(width: 640, height: 240, theme: theme)
    }
    try write("curves-one-epoch") { LineChart.learningCurves(Array(epochs.prefix(1))).canvas(theme: $0) }
    try write("curves-three") { LineChart.learningCurves(Array(epochs.prefix(3))).canvas(theme: $0) }
    try write("curves-none") { LineChart.learningCurves(title: "no epoch", []).canvas(theme: $0) }
    let runs = (1...4).map {
      (name: "run \($0), width \($0 * 16)", epochs: Samples.epochs(60, seed: UInt64($0)))
    }
    try write("runs") { LineChart.learningCurves(title: "Four widths", runs: runs).canvas(theme: $0) }
    let many = (1...17).map {
      (
        name: "cifar10-resnet-a-rather-long-name-of-a-run-seed-\($0)",
        epochs: Samples.epochs(30, seed: UInt64($0))
      )
    }
    try write("runs-many") { LineChart.learningCurves(title: "Many", runs: many).canvas(theme: $0) }
  }

  @Test func lines() throws {
    for (name, chart) in Samples.charts {
      try write("line-\(name)") { chart.canvas(theme: $0) }
    }
    try write("line-small") { Samples.charts[0].chart.canvas(width: 200, height: 150, theme: $0) }
  }

  @Test func matrices() throws {
    for count in [1, 2, 10, 20, 50, 200] {
      let figure = Samples.matrix(classes: count)
      try write("confusion-\(count)") { figure.canvas(theme: $0) }
    }
    try write("confusion-hostile") { Samples.hostileMatrix.canvas(theme: $0) }
  }

  @Test func networks() throws {
    for name in Samples.networkNames {
      let figure = try Samples.network(name)
      try write("network-\(name)") { figure.canvas(theme: $0) }
    }
  }

  @Test func grids() throws {
    try write("grid") { Samples.grid.canvas(theme: $0) }
  }

  @Test func reductions() throws {
    let chart = LineChart.accuracyOverReduction(
      title: "Reduction ratio", accuracy: "validation top-1 in %",
      [
        LineChart.ReductionSeries(
          name: "cifar-ed-resnet20", runs: [(0.93, 0.871), (0.5, 0.88), (0.5, 0.874), (0.34, 0.869)]),
        LineChart.ReductionSeries(name: "cifar-ed-resnet56", runs: [(0.5, 0.91)]),
        LineChart.ReductionSeries(name: "cifar-resnet20", runs: [(nil, 0.862), (nil, 0.866)]),
      ])
    try write("reduction") { chart.canvas(theme: $0) }
  }
}
