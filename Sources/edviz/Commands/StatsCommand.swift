import ArgumentParser
import EDViz
import Glibc

struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Measure what the activations of each block and branch are like over many pictures.",
    discussion: """
      Share of values above 0, magnitudes of F(x) and ED(x) beside x, dead channels, sparsity, spatial entropy, and how \
      much of each map is a chessboard: one pass, in memory that does not grow with the number of pictures. Writes blocks.csv, channels.csv, histogram.csv, \
      charts (SVG, PNG) and manifest.json.

      Formats: auto, \(DatasetFormat.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).

      EXAMPLES
        edviz stats photos/ --report
        edviz stats --data cifar10/ --split test --weights cifar-ed-resnet56.safetensors
        edviz stats --data imagenet/ --split val -w ed-resnet50.pth --fit crop --blocks last -r x -r F -r ED
      """)

  @OptionGroup var pictures: PictureSourceOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "What to measure") var choice: ChoiceOptions
  @OptionGroup(title: "What to measure") var unreadable: UnreadableOptions
  @OptionGroup(title: "Results") var reporting: ReportOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  struct ChoiceOptions: ParsableArguments {
    @Option(
      name: [.customLong("blocks"), .customLong("block"), .customShort("b")],
      parsing: .unconditionalSingleValue,
      help: ArgumentHelp("all, last, or a block's name; repeated for several.", valueName: "block"))
    var blocks: [String] = ["all"]

    @Option(
      name: [.customShort("r"), .long],
      help: ArgumentHelp("Branch, repeated for several. Default: all that a block has.", valueName: "branch"),
      completion: .list(AttentionBranch.all.map(\.name)))
    var branch: [String] = []

    @Option(help: ArgumentHelp("So many pictures, spread evenly over all.", valueName: "n"))
    var limit: Int?

    @Option(
      help: ArgumentHelp("Pictures computed at once, as far as neighbours have one size.", valueName: "n"))
    var batch = 32

    @Option(help: ArgumentHelp("Charts in light or dark.", valueName: "theme"))
    var theme = "light"

    func validate() throws {
      guard (1...4096).contains(batch) else { throw ValidationError("--batch must be from 1 to 4096") }
      guard limit.map({ $0 > 0 }) ?? true else { throw ValidationError("--limit must be at least 1") }
      guard ChartTheme(named: theme) != nil else { throw ValidationError("--theme must be light or dark") }
    }
  }

  func run() throws {
    common.useThreads()
    let clock = ContinuousClock()
    let start = clock.now
    // Quiet, because there is nothing to continue.
    Interruption.listen(isQuiet: true)
    let digest = model.weights.map(BackgroundDigest.init(ofFile:))
    let loaded = try model.load(common)
    let session = AttentionSession(model: loaded.model)
    let taps = try Tap.all(
      of: loaded.model.network, blocks: choice.blocks.contains("all") ? [] : choice.blocks,
      branches: try choice.branch.map { name throws(AttentionError) in try AttentionBranch(named: name) })
    let source = try pictures.open()
    common.warn(source.remarks)
    let job = StatisticsRun(
      session: session, pictures: source, taps: taps, batch: choice.batch, limit: choice.limit)
    let folder = try common.folder(command: "stats", inputs: [pictures.stem])
    var manifest = Manifest(
      edviz: edvizVersion, command: CommandLine.words, engine: Manifest.Engine(backend: session.backend),
      model: Manifest.Model(loaded.model, checkpoint: loaded.checkpoint, sha256: nil))
    manifest.folder = folder.path
    do {
      var page = reporting.report ? try StatisticsReport(job) : nil
      let (statistics, failures) = try measure(job, &page, &manifest)
      let record = Manifest.Statistics(
        statistics, data: pictures.name, split: pictures.split?.rawValue,
        count: job.positions.count - failures.count)
      manifest.statistics = record
      manifest.model?.checkpointSHA256 = try digest?.value() ?? Model.bundledSHA256
      try StatisticsFiles.write(
        statistics, title: "\(loaded.model.name) on \(pictures.stem)",
        theme: ChartTheme(named: choice.theme) ?? .light, to: folder)
      if let page {
        let report = try page.report(
          statistics, record: record, manifest: manifest, unreadable: failures.count)
        try ReportOptions.write(report, to: folder)
      }
      manifest.seconds = (clock.now - start) / .seconds(1)
      manifest.finished = Timestamp.now()
      try folder.finish(&manifest)
      try tell(manifest, record)
      try Failure.conclude(failures, of: job.positions.count)
    } catch {
      folder.abandon()
      throw error
    }
  }

  /// The statistics, and what went wrong with pictures.
  private func measure(
    _ job: StatisticsRun, _ page: inout StatisticsReport?, _ manifest: inout Manifest
  ) throws -> (ActivationStatistics, [Failure]) {
    var progress = Progress(total: job.positions.count, isQuiet: common.quiet || common.json)
    var failures: [Failure] = []
    var inputs: [Manifest.Input] = []
    let statistics = try job.run(
      stop: Interruption.request,
      seen: { seen in
        page?.add(seen)
        progress.advance()
      },
      failed: { position, error in
        let failure = Failure(error)
        guard failure.concernsOneInput else { throw error }
        failures.append(failure)
        var record = Manifest.Input(path: job.pictures.name(at: position))
        record.error = failure.message
        inputs.append(record)
        progress.makeRoom()
        Terminal.complain(failure.message, asJSON: common.json, code: failure.code.rawValue)
        try unreadable.check(
          failures.count, of: job.positions.count, first: failures.prefix(3).map(\.message))
        progress.advance()
      })
    guard let statistics else {
      throw Failure(Interruption.status(Interruption.request.signal ?? SIGINT), "stopped")
    }
    manifest.inputs = inputs
    if failures.count == job.positions.count { try Failure.conclude(failures, of: failures.count) }
    return (statistics, failures)
  }

  /// A warning that names the strongest chessboards; nil if there are none.
  private static func chessboards(_ rows: [Manifest.Statistics.Row]) -> String? {
    func percent(_ share: Double?) -> String { ((share ?? 0) * 100).fixed(0) + " %" }
    let found = rows.filter(\.isChessboard).sorted { ($0.chessboard ?? 0) > ($1.chessboard ?? 0) }
    guard let first = found.first else { return nil }
    let names = found.prefix(3).map { "\($0.block) \($0.branch) (\(percent($0.chessboard)))" }
    let more = found.count > 3 ? " and \(found.count - 3) more (blocks.csv)" : ""
    return
      "edviz: warning: neighbours alternate more than in white noise (\(percent(first.whiteNoise))) in the maps of "
      + names.joined(separator: ", ") + more + ": dots and holes there are the network's, not the pictures'"
  }

  private func tell(_ manifest: Manifest, _ found: Manifest.Statistics) throws {
    for row in common.quiet || common.json ? [] : found.rows where row.notFinite > 0 {
      Terminal.note(
        "edviz: warning: \(row.block) \(row.branch) is not finite in \(row.notFinite) pictures, which were left out there"
      )
    }
    if let warning = Self.chessboards(found.rows), !common.quiet, !common.json { Terminal.note(warning) }
    guard !common.json else {
      return Terminal.write(String(decoding: try manifest.encoded(), as: UTF8.self), to: STDOUT_FILENO)
    }
    let headings = [
      "block", "branch", "> 0", "RMS", "RMS/x", "|·|/x", "dead", "Hoyer", "entropy", "relative",
      "chess",
    ]
    var table = TextTable(headings, leading: [0, 1])
    for row in found.rows {
      table.append([
        row.block, row.branch, (row.positiveShare * 100).fixed(2) + " %", row.rootMeanSquare.fixed(4),
        row.rootMeanSquareToX?.fixed(3) ?? "–", row.meanAbsoluteToX?.fixed(3) ?? "–",
        "\(row.deadChannels)/\(row.channels)", row.hoyer.fixed(3), row.entropyBits.fixed(3),
        row.relativeEntropy.fixed(3), row.chessboard?.fixed(3) ?? "–",
      ])
    }
    let hasGaps = found.rows.contains { $0.withoutPositivePart > 0 }
    let remark = hasGaps ? "; entropy over those whose depth sum is above 0 somewhere" : ""
    Terminal.result(
      "\(table.text)\n\n\(found.count) \(found.count == 1 ? "picture" : "pictures")\(remark)\n\(manifest.folder ?? "")"
    )
  }
}
