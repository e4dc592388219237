import EDViz
import Glibc

/// The frame that commands with many inputs share: folder, progress, messages, record, exit status.
struct ResultSession {
  let command: String
  let common: CommonOptions
  let loaded: ModelOptions.Loaded
  let session: AttentionSession
  let paths: [String]
  private let digest: BackgroundDigest?

  init(command: String, common: CommonOptions, model: ModelOptions, paths: [String]) throws {
    self.command = command
    self.common = common
    self.paths = paths
    common.useThreads()
    digest = model.weights.map(BackgroundDigest.init(ofFile:))
    loaded = try model.load(common)
    session = AttentionSession(model: loaded.model)
  }

  /// What is called after each input, with its record and the error if there was one.
  typealias Finish = (Manifest.Input, (any Error)?) throws -> Void

  /// Runs `work`, which goes through the inputs, writes the manifest, and ends with the status that the contract asks
  /// for.
  /// - Parameter report: makes a page of the record, if one is wanted.
  func run(
    folder: ResultFolder?, describe: (inout Manifest) -> Void = { _ in }, work: (Finish) throws -> Void,
    report: (Manifest, _ failed: Int) -> HTMLReport? = { _, _ in nil },
    summarize: @escaping (Manifest.Input) -> [String]
  ) throws {
    let clock = ContinuousClock()
    let start = clock.now
    var manifest = Manifest(
      edviz: edvizVersion, command: CommandLine.words, engine: Manifest.Engine(backend: session.backend),
      model: Manifest.Model(loaded.model, checkpoint: loaded.checkpoint, sha256: nil))
    manifest.folder = folder?.path
    if !loaded.model.remarks.isEmpty { manifest.remarks = loaded.model.remarks }
    describe(&manifest)
    var progress = Progress(total: paths.count, isQuiet: common.quiet || common.json)
    let records = InputRecords(folder: folder?.path ?? TemporaryFolder.parent)
    var failures: [Failure] = []
    do {
      try work { record, error in
        try records.append(record)
        progress.makeRoom()
        var error = error
        // Drawn all the same, but half a picture is no picture without a word.
        if error == nil, record.isIncomplete == true { error = ImageError.incomplete(file: record.path) }
        if let error {
          // A result that cannot be written ends the run: the next one could not be either.
          let failure = Failure(error)
          guard failure.concernsOneInput else { throw error }
          failures.append(failure)
          Terminal.complain(failure.message, asJSON: common.json, code: failure.code.rawValue)
        }
        if record.error == nil, !common.json {
          for warning in common.quiet ? [] : record.warnings {
            Terminal.note("edviz: \(record.path): warning: \(warning)")
          }
          for line in summarize(record) { Terminal.result(line) }
        }
        progress.advance()
      }
    } catch {
      folder?.abandon()
      throw error
    }

    manifest.model?.checkpointSHA256 = try digest?.value() ?? Model.bundledSHA256
    manifest.seconds = (clock.now - start) / .seconds(1)
    manifest.finished = Timestamp.now()
    if failures.count < paths.count || failures.contains(where: { $0.lack != nil }), let folder {
      if let page = report(manifest, failures.count { $0.lack == nil }) {
        try ReportOptions.write(page, to: folder)
      }
      try folder.finish(&manifest, inputs: records)
    } else {
      folder?.abandon()
    }
    if common.json {
      try manifest.encode(inputs: records) { Terminal.write($0, to: STDOUT_FILENO) }
    }
    try Failure.conclude(failures, of: paths.count)
  }

  /// Runs over photographs; `make` draws the files of one, on several threads at once, and `handle` writes them.
  func run<Made: Sendable>(
    overPhotographs photographs: PhotographArguments, taps: [Tap], classes: Int = 0,
    describe: (inout Manifest) -> Void,
    make: @escaping @Sendable (PhotographRun.Seen) throws -> Made,
    handle: (PhotographRun.Seen, Made, ResultFolder, inout Manifest.Input) throws -> Void,
    report: (Manifest, _ failed: Int) -> HTMLReport? = { _, _ in nil },
    summarize: @escaping (Manifest.Input, ResultFolder) -> [String]
  ) throws {
    for tap in taps { _ = try session.model.network.nodes(of: tap) }
    let pass = PhotographRun(session: session, decoder: photographs.decoder, taps: taps, classes: classes)
    let folder = try common.folder(command: command, inputs: paths)
    try run(
      folder: folder, describe: describe,
      work: { finish in
        try pass.run(over: paths, make: make, handle: { try handle($0, $1, folder, &$2) }, finish: finish)
      },
      report: report, summarize: { summarize($0, folder) })
  }
}
