import EDNets
import Figures
import Glibc
import Images
import Tensors

/// Figures of made-up numbers.
enum Samples {
  static let hostileNames = [
    "a name that is much, much longer than anyone would ever think of giving to a class or a run of a network",
    "", "<b>&amp;\"quoted\" & 'apostrophe'</b>", "日本語の名前", "γάτα (κατοικίδια)", "кошка\nс новой строки",
    "قطة", "🙂 \u{0} \u{FFFF}",
  ]

  /// Numbers from 0 to 1 that are the same in each run.
  struct Noise: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 33)
    }
  }

  static func epochs(_ count: Int, seed: UInt64) -> [EpochPoint] {
    var noise = Noise(state: seed &* 7919)
    return (1...count).map { epoch in
      let progress = Double(epoch) / Double(count)
      let drop = progress > 0.5 ? 0.55 : 1.0
      let loss = (2.2 * exp(-3 * progress) + 0.1 + 0.04 * Double(seed)) * drop
      let wobble = Double.random(in: -0.04...0.04, using: &noise)
      return EpochPoint(
        epoch: epoch, trainLoss: loss + wobble / 2, validationLoss: loss * 1.1 + 0.12 + wobble,
        trainTop1: 1 - loss * 0.33, validationTop1: 1 - (loss * 0.33 + 0.04 + wobble / 2),
        rate: progress > 0.5 ? 0.01 : 0.1)
    }
  }

  /// One of each shape that a drawing can have.
  static let networkNames = [
    "ed-resnet50", "se-ed-resnext50", "cbam-resnet50", "ed-res2net50", "cifar-ed-resnet20",
    "cifar-resnet20-option-a", "ed-resnet50-noid", "ed-resnet50-notransform", "resnet18", "twoconv-resnet50",
  ]

  static func network(_ name: String, side: Int = 224) throws -> NetworkFigure {
    let network = try Network(ModelRegistry.description(named: name))
    let summary = NetworkSummary(network, input: Size2D(side))
    return NetworkFigure(title: name, subtitle: "a network for tests", network, summary)
  }

  private static func chart(_ title: String, _ series: [LineChart.Series], log: Bool = false) -> LineChart {
    var panel = LineChart.Panel(xLabel: "iteration", yLabel: "value", series: series)
    panel.yScale = log ? .logarithmic : .linear
    return LineChart(title: title, panels: [panel])
  }

  static let charts: [(name: String, chart: LineChart)] = [
    (
      "gaps",
      chart(
        "Gaps at values that are not finite",
        [
          LineChart.Series(
            "sine",
            points: (0..<100).map {
              let y = sin(Double($0) / 10)
              return (Double($0), $0 % 30 > 24 || $0 == 50 ? .nan : $0 == 52 ? .infinity : y)
            }, color: 0)
        ])
    ),
    (
      "many",
      chart(
        "A hundred thousand points",
        (0..<2).map { index in
          var noise = Noise(state: UInt64(index + 5))
          return LineChart.Series(
            "series \(index)",
            points: (0..<100_000).map {
              (
                Double($0),
                exp(-Double($0) / 30_000) * Double.random(in: 0.8...1.2, using: &noise) + Double(index)
              )
            }, color: index)
        })
    ),
    ("single", chart("A single point", [LineChart.Series("point", points: [(7, 0.25)], color: 2)])),
    (
      "constant",
      chart(
        "A constant", [LineChart.Series("constant", points: (0..<30).map { (Double($0), 3.7) }, color: 3)])
    ),
    ("empty", chart("Nothing", [LineChart.Series("empty", points: [], color: 0)])),
    (
      "log",
      chart(
        "Many powers of ten",
        [
          LineChart.Series(
            "decay", points: (0..<80).map { (Double($0), pow(10, 3 - Double($0) / 6)) }, color: 4)
        ],
        log: true)
    ),
    (
      "log-few",
      chart(
        "Two powers of ten",
        [
          LineChart.Series(
            "decay", points: (0..<80).map { (Double($0), pow(10, 0.7 - Double($0) / 60)) }, color: 4)
        ],
        log: true)
    ),
    (
      "tiny",
      chart(
        "Tiny numbers far out",
        [
          LineChart.Series(
            "tiny", points: (0..<20).map { (3e9 + Double($0) * 1e8, Double($0) * -3e-8) }, color: 5)
        ])
    ),
    (
      "hostile",
      {
        var panel = LineChart.Panel(
          title: hostileNames[0], xLabel: hostileNames[0], yLabel: hostileNames[0],
          series: hostileNames.enumerated().map { index, name in
            LineChart.Series(name, points: [(0, Double(index)), (1, Double(index * index))], color: index)
          })
        panel.countsX = true
        return LineChart(
          title: hostileNames[0] + " " + hostileNames[2] + " " + hostileNames[0], panels: [panel])
      }()
    ),
  ]

  static func matrix(classes: Int) -> ConfusionMatrixFigure {
    var noise = Noise(state: UInt64(classes))
    let words = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    let counts = (0..<classes).map { row in
      (0..<classes).map { column in
        row == column
          ? Int.random(in: 60...99, using: &noise)
          : Int.random(in: 0...9, using: &noise) > 7 ? Int.random(in: 0...12, using: &noise) : 0
      }
    }
    let names = (0..<classes).map { words[$0 % 10] + ($0 < 10 ? "" : " no. \($0 / 10)") }
    return ConfusionMatrixFigure(
      counts: counts, names: names, title: "Validation pictures, classes: \(classes)")
  }

  static let hostileMatrix = ConfusionMatrixFigure(
    counts: hostileNames.indices.map { row in
      hostileNames.indices.map { row == 1 ? 0 : row == $0 ? 1_234_567 : row * $0 * 1000 }
    }, names: hostileNames, title: hostileNames[0])

  static func picture(_ width: Int, _ height: Int, _ shift: Int = 0) -> Image {
    let pixels = (0..<width * height).flatMap { index -> [UInt8] in
      let (x, y) = (index % width, index / width)
      return [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8(shift * 31 % 256)]
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// A row of each kind: ordinary, tiny, tall and very wide pictures, gaps, notes, bars of one and of several columns.
  static let grid: PictureGrid = {
    func row(_ label: String, _ width: Int, _ height: Int, count: Int = 5) -> PictureGrid.Row {
      PictureGrid.Row(
        label: label, cells: (0..<count).map { PictureGrid.Cell($0 == 3 ? nil : picture(width, height, $0)) })
    }
    func bar(_ columns: Range<Int>, _ range: ClosedRange<Float>) -> PictureGrid.Bar {
      PictureGrid.Bar(columns: columns, bar: ColorBar(colorMap: .turbo, range: range))
    }
    var rows = [
      row("dog-12.jpg", 300, 200), row("cat <small> & 日本", 16, 16, count: 4),
      row("a-file-name-that-goes-on-and-on-and-on-0001.png", 90, 280), row("panorama", 1600, 100),
      row("", 4000, 3),
    ]
    let captions = ["photograph", "epoch 1", "", "x+F(x)", "a very long heading of a column"]
    for column in 0..<5 { rows[0].cells[column].caption = captions[column] }
    rows[0].bars = (1..<5).map { bar($0..<$0 + 1, -1.2345e-12...9.8765e-12) }
    rows[2].bars = [bar(1..<5, -12345...67890)]
    rows[3].bars = [bar(1..<3, 0...1)]
    rows[3].cells[2].note = "below a bar"
    rows[3].cells[4].note = "IoU 0.42"
    rows[1].cells[2].note = "a note that is much longer than its column is wide"
    var grid = PictureGrid(title: "Attention of the output " + hostileNames[0] + hostileNames[2], rows: rows)
    grid.groups = [
      PictureGrid.Group("(a) image", columns: 0..<1),
      PictureGrid.Group(
        "(b) a heading that is too long for its three columns: " + hostileNames[0], columns: 1..<4),
      PictureGrid.Group("(c)", columns: 4..<5),
    ]
    grid.footnote = "Depth sums; " + hostileNames[0] + " " + hostileNames[0] + " " + hostileNames[0]
    return grid
  }()
}
