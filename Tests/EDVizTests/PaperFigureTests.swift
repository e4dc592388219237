import EDViz
import Testing

@Suite struct PaperFigureTests {
  private func photograph(_ width: Int, _ height: Int) -> Image {
    let pixels = (0..<width * height).flatMap { index -> [UInt8] in
      let (x, y) = (index % width, index / width)
      return [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8((x * 7 + y * 3) % 256)]
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// floor((n + 2p − 3) / s) + 1 over n for maps of 32, 16 and 8, the formula of a convolution's size.
  @Test(arguments: [(1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 1)])
  func ratiosFollowFromStepAndPadding(stride: Int, padding: Int) throws {
    var description = try ModelRegistry.description(named: "cifar-ed-resnet20")
    description.path = EncoderDecoder(groups: 16, stride: stride, padding: padding)
    let ratios = NetworkSummary(try Network(description), input: Size2D(32)).reductionRatios
    let expected = [32, 16, 8].map { (side: Int) -> Double in
      let code = (side + 2 * padding - 3) / stride + 1
      return Double(code) / Double(side)
    }
    #expect(ratios.count == 3 && zip(ratios, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    let plain = try ModelRegistry.description(named: "cifar-resnet20")
    #expect(NetworkSummary(try Network(plain), input: Size2D(32)).reductionRatios.isEmpty)
  }

  private func run(_ name: String, network: String, top1: [Double], in folder: TemporaryFolder) throws
    -> TrainingRecord
  {
    let path = "\(folder.path)/\(name)"
    let heading =
      "epoch,step,rate,train_loss,train_top1,validation_loss,validation_top1,validation_top5,a,b,c\n"
    let lines = top1.enumerated().map { "\($0.offset + 1),10,0.1,1.5,0.4,1.6,\($0.element),0.9,1,1,100\n" }
    try AtomicFile.write(Array((heading + lines.joined()).utf8), to: path + "/epochs.csv")
    let recipe = "network: \(network)\ndata: {train: {path: a}, validation: {path: b}}\n"
    try AtomicFile.write(Array(recipe.utf8), to: path + "/recipe.yaml")
    return try TrainingRecord(folder: path, name: name)
  }

  @Test func runsOfOneNetworkShareALine() throws {
    let folder = try TemporaryFolder()
    let records = [
      try run("a", network: "cifar-ed-resnet20-s1p1", top1: [0.5, 0.75], in: folder),
      try run("b", network: "cifar-ed-resnet20", top1: [0.5, 0.8, 0.7], in: folder),
      try run("c", network: "cifar-ed-resnet20", top1: [0.9], in: folder),
      try run("d", network: "cifar-resnet20", top1: [0.6], in: folder),
    ]
    let figure = try ReductionFigure(records, choice: .last, stage: nil)
    #expect(figure.runs.map(\.top1) == [0.75, 0.7, 0.9, 0.6])
    #expect(figure.runs.map(\.reductionRatios) == [[1, 1, 1], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5], nil])
    let series = figure.chart(title: "").panels[0].series
    #expect(series.map(\.name) == ["cifar-ed-resnet20", "", "cifar-resnet20, no ED"])
    #expect(series[0].points.map(\.x) == [50, 100])
    #expect(zip(series[0].points.map(\.y), [80.0, 75]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(try ReductionFigure(records, choice: .best, stage: 3).runs.map(\.top1) == [0.75, 0.8, 0.9, 0.6])
    #expect(throws: RunFigureError.absentStage(run: records[0].path, stage: 4, stages: 3)) {
      try ReductionFigure(records, choice: .last, stage: 4)
    }
    #expect(throws: RunFigureError.noRatios) { try ReductionFigure([records[3]], choice: .last, stage: nil) }
    #expect(throws: RunFigureError.noEpochs(run: folder.path + "/e")) {
      try run("e", network: "cifar-resnet20", top1: [], in: folder)
    }
  }

  /// Channels are those of the largest means; the mean map is the mean of all of them.
  @Test func channelsAreChosenByTheirMeans() throws {
    let session = AttentionSession(model: try Model.bundled())
    let image = photograph(90, 60)
    let tap = Tap(branch: .branch(.input))
    let prepared = AttentionSession.prepare(image, for: session.model.preprocessing)
    let x = try #require(
      try session.activations(of: [tap], logits: false, images: prepared.input).activations[tap])
    let values = x.channelsFirst().elements
    let positions = x.height * x.width
    let means = (0..<x.channels).map { (channel: Int) -> Double in
      values[channel * positions..<(channel + 1) * positions].reduce(0.0) { $0 + Double($1) }
        / Double(positions)
    }
    let best = means.indices.sorted { means[$0] > means[$1] }.prefix(3)
    let style = PictureFigureStyle()
    let figure = try ChannelFigure(
      session: session, block: "last", channels: nil, enhanced: nil, style: style)
    var (record, lack) = (Manifest.Input(path: "p.png"), nil as (any Error)?)
    let rows = try figure.rows(of: image, label: "", record: &record, lack: &lack)
    #expect(
      rows.map { $0.cells.map(\.caption) } == [
        best.map { "channel \($0)" }, ["photograph", "mean of x", "mean of ED(x)"],
      ])
    #expect(rows[0].bars.count == 3 && rows[1].bars.map(\.columns) == [1..<2, 2..<3])
    let mean = FloatMap.channelMean(of: x)
    let expected = (0..<positions).map { (place: Int) -> Double in
      let total = (0..<x.channels).reduce(0.0) { $0 + Double(values[$1 * positions + place]) }
      return total / Double(x.channels)
    }
    #expect(zip(mean.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    let single = FloatMap.channel(best[0], of: x)
    #expect(single.values == Array(values[best[0] * positions..<(best[0] + 1) * positions]))
    #expect(
      record.maps.count == 5 && record.maps[3].rawRange == [mean.range.lowerBound, mean.range.upperBound])

    let absent = try ChannelFigure(
      session: session, block: "last", channels: [999], enhanced: nil, style: style)
    #expect(
      throws: AttentionError.absentChannel(index: 999, branch: "input", block: "layer4.1", channels: 128)
    ) {
      try absent.rows(of: image, label: "", record: &record, lack: &lack)
    }
  }

  /// One scale for a row has one bar over its columns; scales of their own have one each.
  @Test func barsTellTheScale() throws {
    let session = AttentionSession(model: try Model.bundled())
    for (scale, columns) in [
      (HeatmapScale.perMap, (1..<8).map { $0..<$0 + 1 }), (.shared, [1..<8]), (.fixed(0...9), [1..<8]),
    ] {
      let style = PictureFigureStyle(heatmap: HeatmapStyle(scale: scale))
      let figure = try BranchFigure(session: session, block: "last", style: style)
      var (record, lack) = (Manifest.Input(path: "p.png"), nil as (any Error)?)
      let row = try figure.rows(of: photograph(40, 100), label: "p", record: &record, lack: &lack)[0]
      #expect(row.bars.map(\.columns) == columns)
      #expect(row.cells.map { $0.image?.width } == Array(repeating: 40, count: 8))
      let scales = Set(record.maps.map(\.scale))
      #expect(scales.count == (scale == .perMap ? 7 : 1))
      if scale == .fixed(0...9) { #expect(scales == [[0, 9]]) }
    }
  }

  /// The region is the mask of the protocol, and the IoU that of it and the object.
  @Test func regionsFollowTheProtocol() throws {
    let folder = try TemporaryFolder()
    let image = photograph(80, 50)
    var object = Mask(width: 80, height: 50, values: [Bool](repeating: false, count: 4000))
    for y in 10..<40 { for x in 20..<60 { object.values[y * 80 + x] = true } }
    try AtomicFile.write(object.encodedPNG(), to: folder.path + "/deep/p.png")
    let decoder = ImageDecoder(limits: .standard)
    let session = AttentionSession(model: try Model.bundled())
    let figure = try RegionFigure(
      models: [.init(name: "one", session: session), .init(name: "two", session: session)], tap: Tap(),
      rule: MaskProtocol(),
      masks: try MaskFolder(folder.path, of: ["p.jpg", "q.jpg"], decoder: decoder),
      style: PictureFigureStyle())
    #expect(figure.groups.map(\.columns) == [0..<2, 2..<4, 4..<6])
    var (record, lack) = (Manifest.Input(path: "p.jpg"), nil as (any Error)?)
    let row = try figure.rows(of: image, label: "", record: &record, lack: &lack)[0]
    let map = try session.look(at: image, taps: [Tap()]).maps[0].map
    let region = MaskProtocol().mask(of: map, width: 80, height: 50).mask
    #expect(row.cells[4].image == image.darkened(outside: region, to: 0.15))
    #expect(row.cells[1].image == Image(object))
    let overlap = region.intersectionOverUnion(with: object)
    let digits = String(Int((overlap * 100).rounded()) + 100).dropFirst()
    #expect(row.cells[4].note == "IoU 0.\(digits)" && row.cells[5].note == row.cells[4].note)
    #expect(record.warnings.isEmpty && lack == nil)

    var other = Manifest.Input(path: "q.jpg")
    let without = try figure.rows(of: image, label: "", record: &other, lack: &lack)[0]
    #expect(without.cells[1].image == nil && without.cells[4].note.isEmpty)
    #expect(lack.map { "\($0)" } == "q.jpg: has no mask of its name")
  }

  /// A photograph is not the mask of itself, however its folder is called.
  @Test func photographsAreNoMasks() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    for name in ["a.png", "b.png"] { try AtomicFile.write([], to: "\(path)/i/\(name)") }
    let photographs = ["\(path)/i/a.png", "\(path)/i/b.png"]
    #expect(throws: LocalisationError.onlyPhotographs(masks: path + "/./i")) {
      try MaskFolder(path + "/./i", of: photographs, decoder: ImageDecoder(limits: .standard))
    }
    let masks = try MaskFolder(path + "/i", of: [photographs[0]], decoder: ImageDecoder(limits: .standard))
    #expect(throws: LocalisationError.noMask(image: photographs[0])) {
      try masks.mask(of: photographs[0], image: photograph(4, 4))
    }
  }

  /// A table of epochs that is none is not one of a run that has just begun.
  @Test(
    arguments: [
      ("", "no epoch of the run is over"), ("epoch,step", "no epoch of the run is over"),
      ("garbage\n", "epochs.csv: cannot be read: line 1 is not the heading of a table of epochs"),
      ("garbage", "epochs.csv: cannot be read: line 1 is not the heading of a table of epochs"),
      ("HEAD\n", "no epoch of the run is over"), ("HEAD\n1,2,0.1", "no epoch of the run is over"),
      ("HEAD\ngarbage\n", "epochs.csv: cannot be read: line 2 is not that of an epoch"),
      ("HEAD\n1,2,0.1,1,0.5,,,,3,,4\nx\n", "epochs.csv: cannot be read: line 3 is not that of an epoch"),
      ("HEAD\n1,2,0.1,1,0.5,,,,3,,4\n\n1,2\n", "epochs.csv: cannot be read: line 4 is not that of an epoch"),
      ("HEAD\n1,2,0.1,1,0.5,,,,3,,4\n2,", nil), ("HEAD\n1,2,0.1,1,0.5,,,,3,,4", nil),
    ] as [(String, String?)])
  func damagedTablesAreNoBeginnings(text: String, sentence: String?) throws {
    let folder = try TemporaryFolder()
    let head =
      "epoch,step,rate,train_loss,train_top1,validation_loss,validation_top1,validation_top5,train_seconds,"
      + "validation_seconds,images_per_second"
    try AtomicFile.write(text.replacing("HEAD", with: head).utf8, to: folder.path + "/epochs.csv")
    do {
      let record = try TrainingRecord(folder: folder.path, name: "r")
      #expect(sentence == nil && record.epochs.map(\.epoch) == [1])
    } catch {
      #expect("\(error)".hasSuffix(try #require(sentence)))
    }
  }
}
