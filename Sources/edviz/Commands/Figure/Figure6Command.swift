import ArgumentParser
import EDViz
import Glibc

struct Figure6Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "6",
    abstract: "How many responses are above 0, over many pictures: a block's input against its ED output.",
    discussion: """
      The distribution over pictures of the share of values above 0. edviz stats measures more of the same, for every \
      block and branch.

      EXAMPLES
        edviz figure 6 photos/
        edviz figure 6 --data cifar10/ --split test -w cifar-ed-resnet56.safetensors
        edviz figure 6 --data imagenet/ --split val --limit 1000 --block layer3.1 -o figure6.pdf
      """)

  @OptionGroup var pictures: PictureSourceOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "What to show") var choice: ChoiceOptions
  @OptionGroup(title: "What to show") var unreadable: UnreadableOptions
  @OptionGroup(title: "How to draw it") var options: FigureOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  struct ChoiceOptions: ParsableArguments {
    @OptionGroup var place: BlockOption

    @Option(
      name: [.customShort("r"), .long],
      help: ArgumentHelp("Branch, repeated for several. Default: input and decoder.", valueName: "branch"),
      completion: .list(AttentionBranch.all.map(\.name)))
    var branch: [String] = []

    @Option(help: ArgumentHelp("So many pictures, spread evenly over all.", valueName: "n"))
    var limit: Int?

    func validate() throws {
      guard limit.map({ $0 > 0 }) ?? true else { throw ValidationError("--limit must be at least 1") }
    }
  }

  func run() throws {
    let loaded = try model.load(common)
    let names = choice.branch.isEmpty ? ["input", "decoder"] : choice.branch
    let taps = try Tap.all(
      of: loaded.model.network, blocks: [choice.place.block],
      branches: try names.map { try AttentionBranch(named: $0) })
    let source = try pictures.open()
    common.warn(source.remarks)
    let session = try FigureSession("6", inputs: [pictures.stem], common: common, options: options)
    let job = StatisticsRun(
      session: AttentionSession(model: loaded.model), pictures: source, taps: taps, batch: 32,
      limit: choice.limit)
    let count = job.positions.count
    let record = try NamedModelOptions.record(loaded, named: loaded.model.name).model
    // Quiet, because there is nothing to continue.
    Interruption.listen(isQuiet: true)
    try session.run(inputs: count, model: record) { manifest, failures in
      var progress = Progress(total: count, isQuiet: common.quiet || common.json)
      let statistics = try job.run(
        stop: Interruption.request, seen: { _ in progress.advance() },
        failed: { position, error in
          var record = Manifest.Input(path: source.name(at: position))
          record.error = "\(error)"
          manifest.inputs.append(record)
          progress.makeRoom()
          try failures.note(error)
          try unreadable.check(
            failures.all.count, of: count, first: failures.all.prefix(3).map(\.message))
          progress.advance()
        })
      guard let statistics else {
        throw Failure(Interruption.status(Interruption.request.signal ?? SIGINT), "stopped")
      }
      guard failures.all.count < count else { return nil }
      manifest.figure?.block = choice.place.block
      manifest.statistics = Manifest.Statistics(
        statistics, data: pictures.name, split: pictures.split?.rawValue, count: count - failures.all.count)
      let title =
        options.title ?? "\(loaded.model.name) on \(pictures.stem), \(count - failures.all.count) pictures"
      return LineChart.positiveDistribution(statistics, title: title).canvas(theme: options.chartTheme)
    }
  }
}
