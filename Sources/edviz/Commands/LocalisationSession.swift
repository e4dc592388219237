import EDViz
import Glibc

/// The frame that commands share which score attention on marked objects: models, folder, progress, messages, record,
/// exit status.
struct LocalisationSession {
  let attention: AttentionOptions
  let rule: MaskOptions
  let scoring: ScoringOptions
  let common: CommonOptions
  let reporting: ReportOptions

  static let filesHelp = """
    pictures.csv holds the scores of each picture, curves.csv, .svg and .png mask IoU over fixed thresholds, unscored.csv \
    the files that have no score, and why; manifest.json names the protocol. While a run goes on, tables are called \
    .partial: one that was stopped or killed goes on with --resume and the same --output, and ends with the same \
    pictures.csv as an unbroken one.
    """

  /// What is scored on.
  struct Data {
    var inputs: [LocalisationInput]
    /// Files that are no input, and why.
    var problems: [(path: String, error: any Error)]
    /// What a reader should know.
    var remarks: [String] = []
    /// The classes that labels are positions in.
    var classes: [String] = []
  }

  /// Scores what `open` finds.
  /// - Parameter size: what pictures are brought to if nobody says otherwise; nil means what the model says.
  func run(
    name: String, objects: String, reading: String, split: String? = nil, size: Int? = nil,
    open: () throws -> Data
  ) throws {
    common.useThreads()
    let clock = ContinuousClock()
    let start = clock.now
    if scoring.resume, common.output == nil {
      throw Failure(.usage, "--resume needs --output, the folder of the run")
    }
    let (maskProtocol, taps) = (try rule.maskProtocol(), try attention.taps())
    let loaded = try attention.models.load(common)
    var remarks: [String] = []
    let data = try open()
    let models = loaded.map { name, loaded in
      LocalisationModel(
        name: name, session: AttentionSession(model: loaded.model),
        logits: logits(of: loaded.model, name, data.classes, remarks: &remarks))
    }
    let job = try LocalisationRun(
      models: models, taps: taps, rule: maskProtocol, sizes: try sizes(loaded.map(\.loaded.model), size),
      tolerance: scoring.pointingTolerance)
    remarks += data.remarks + job.remarks
    for remark in remarks { note("warning: " + remark) }
    let records = try loaded.map { try NamedModelOptions.record($0.loaded, named: $0.name) }
    let fingerprint = job.fingerprint(
      of: data.inputs, digests: records.compactMap(\.model.checkpointSHA256),
      backend: models[0].session.backend.name)
    if try isFinished(fingerprint) { return }
    let folder = try common.evaluationFolder(
      model: loaded.count > 1 ? "\(loaded[0].name)-and-\(loaded.count - 1)-more" : loaded[0].name, data: name,
      force: common.force || scoring.resume)
    var manifest = Manifest(
      edviz: edvizVersion, command: CommandLine.words,
      engine: Manifest.Engine(backend: models[0].session.backend), model: records[0].model)
    do {
      let journal = try LocalisationJournal(
        folder: folder, settings: job.settings,
        fingerprint: fingerprint, problems: data.problems, resumes: scoring.resume,
        force: common.force)
      try score(data, job, journal, folder)
      guard journal.counts.scored > 0 else {
        if journal.counts.onlyIncomplete {
          try journal.finishWithoutScores()
          throw Failure(.someInputsFailed, journal.counts.shortfall)
        }
        journal.close()
        throw Failure(journal.counts.onlyMissing ? .missingInput : .data, journal.counts.shortfall)
      }
      let results = LocalisationResults(
        try journal.scores(), curves: journal.curves, counts: journal.counts, maskProtocol: maskProtocol,
        rules: scoring.rules)
      try journal.finish()
      try LocalisationFiles.write(results, to: folder)
      manifest.folder = folder.path
      manifest.masking = Manifest.Masking(maskProtocol)
      var record = results.record(objects: objects, reading: reading)
      record.split = split
      record.fingerprint = fingerprint
      record.models = records
      record.remarks = remarks + journal.remarks
      for remark in journal.remarks { note("warning: " + remark) }
      record.outputs = folder.outputs
      manifest.localisation = record
      manifest.seconds = (clock.now - start) / .seconds(1)
      manifest.finished = Timestamp.now()
      if reporting.report {
        let page = LocalisationReport(results, run: job, inputs: data.inputs).report(manifest)
        try ReportOptions.write(page, to: folder)
        manifest.localisation?.outputs = folder.outputs
      }
      try folder.finish(&manifest)
      journal.close()
      try LocalisationConsole(results: results, record: record, common: common).show(manifest)
      if journal.counts.unscored > 0 { throw Failure(.someInputsFailed, journal.counts.shortfall) }
    } catch {
      folder.abandon()
      throw error
    }
  }

  /// Whether the folder holds this very run, and nothing is left to do.
  /// - Throws: `LocalisationError.changed` if it is another one; `Failure` with the status of one that left files without a score.
  private func isFinished(_ fingerprint: String) throws -> Bool {
    guard let output = common.output, scoring.resume, !LocalisationJournal.isUnfinished(output),
      Folders.kind(of: output + "/manifest.json") == .file
    else { return false }
    let record = (try? Manifest(contentsOf: output + "/manifest.json"))?.localisation
    guard record?.fingerprint == fingerprint else { throw LocalisationError.changed(folder: output) }
    try LocalisationJournal.tidy(output)
    note("\(output): the run in it is finished")
    if let unscored = record?.unscoredCount, unscored > 0 {
      throw Failure(.someInputsFailed, "\(unscored) files have no score, see \(output)/unscored.csv")
    }
    return true
  }

  /// Scores what is not scored yet.
  private func score(
    _ data: Data, _ job: LocalisationRun, _ journal: LocalisationJournal, _ folder: ResultFolder
  ) throws {
    Interruption.listen(isQuiet: common.quiet || common.json)
    if journal.isContinued {
      note("goes on after \(journal.next) of \(data.inputs.count) pictures")
    } else {
      for problem in data.problems.prefix(10) { complain(problem.error) }
      if data.problems.count > 10 { note("and \(data.problems.count - 10) more, see unscored.csv") }
    }
    let problems = data.problems.reduce(0) { $0 + LocalisationCounts.weight(of: $1.error) }
    var told: Set<String> = []
    var progress = Progress(total: data.inputs.count - journal.next, isQuiet: common.quiet || common.json)
    try job.run(over: data.inputs, from: journal.next) { input, result in
      if case .failure(let error) = result {
        guard Failure(error).concernsOneInput else {
          try journal.save()
          throw error
        }
        progress.makeRoom()
        complain(error)
      }
      if case .success(let scored) = result {
        for remark in scored.remarks {
          progress.makeRoom()
          note("warning: " + remark)
        }
        if let reading = scored.reading, told.insert(reading).inserted,
          case .maskFile(let file) = input.marking
        {
          progress.makeRoom()
          note("warning: \(file): \(reading)")
        }
      }
      try journal.append(input.path, result)
      do {
        try scoring.unreadable.check(
          journal.counts.unscored, of: data.inputs.count + problems,
          first: journal.counts.first.prefix(3).map(\.reason))
      } catch {
        try journal.save()
        throw error
      }
      progress.advance()
      return Interruption.request.signal == nil
    }
    guard let signal = Interruption.request.signal, journal.next < data.inputs.count else { return }
    try journal.save()
    throw Failure(
      Interruption.status(signal),
      "stopped after \(journal.next) of \(data.inputs.count) pictures; --resume --output \(folder.path) goes on"
    )
  }

  private func sizes(_ models: [Model], _ usual: Int?) throws -> [Int] {
    let asksForSize = attention.sizes != nil
    guard !asksForSize || models.allSatisfy({ $0.preprocessing.fit != .none }) else {
      throw Failure(.usage, "with --fit none pictures keep their size, so that --sizes means nothing")
    }
    if let sizes = attention.sizes { return sizes.values }
    return attention.models.preprocessing.size == nil ? usual.map { [$0] } ?? [] : []
  }

  private func logits(of model: Model, _ name: String, _ classes: [String], remarks: inout [String]) -> [Int]?
  {
    guard !classes.isEmpty else { return nil }
    do {
      let match = try ClassMatch(
        classes, having: classes.map { _ in 1 }, among: model.classes,
        logits: model.network.description.classes, path: "the data")
      remarks += match.remarks.map { "\(name): \($0)" }
      return match.logits
    } catch {
      remarks.append("\(name): top-1 is not computed: \(error)")
      return nil
    }
  }

  private func complain(_ error: any Error) {
    let failure = Failure(error)
    Terminal.complain(failure.message, asJSON: common.json, code: failure.code.rawValue)
  }

  private func note(_ text: String) {
    if !common.quiet, !common.json { Terminal.note("edviz: " + text) }
  }
}
