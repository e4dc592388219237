import EDViz
import Glibc

/// The frame that commands over photographs share: folder, progress, messages, record, exit status.
struct PhotographSession {
  let command: String
  let common: CommonOptions
  let loaded: ModelOptions.Loaded
  let paths: [String]

  /// Runs `handle` for each photograph, writes the manifest, and ends with the status that the contract asks for.
  func run(
    decoder: ImageDecoder, taps: [Tap], classes: Int, describe: (inout Manifest) -> Void,
    handle: (PhotographRun.Seen, ResultFolder, inout Manifest.Input) throws -> Void,
    summarize: (Manifest.Input, ResultFolder) -> [String]
  ) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let session = AttentionSession(model: loaded.model)
    let run = PhotographRun(session: session, decoder: decoder, taps: taps, classes: classes)
    let folder = try common.folder(command: command, inputs: paths)
    var manifest = Manifest(
      edviz: edvizVersion, command: CommandLine.arguments,
      model: Manifest.Model(loaded.model, checkpoint: loaded.checkpoint, sha256: nil))
    describe(&manifest)

    var progress = Progress(total: paths.count, isQuiet: common.quiet)
    var failures: [Failure] = []
    try run.run(
      over: paths,
      handle: { seen, record in try handle(seen, folder, &record) },
      finish: { record, error in
        manifest.inputs.append(record)
        progress.makeRoom()
        if let error {
          // A result that cannot be written ends the run: the next one could not be either.
          let failure = Failure(error)
          if failure.code == .cannotWrite || failure.code == .software || failure.code == .usage {
            throw error
          }
          failures.append(failure)
          Terminal.complain(failure.message, asJSON: common.json, code: failure.code.rawValue)
        } else {
          if !common.quiet {
            for warning in record.warnings { Terminal.note("edviz: \(record.path): warning: \(warning)") }
          }
          if !common.json { for line in summarize(record, folder) { Terminal.result(line) } }
        }
        progress.advance()
      })

    // Not beside the network: a third busy thread makes the engine's team wait for each other on two cores.
    manifest.model.checkpointSHA256 = try loaded.sha256()
    manifest.seconds = (clock.now - start) / .seconds(1)
    manifest.finished = Timestamp.now()
    if failures.count < paths.count { try folder.finish(manifest) }
    if common.json {
      Terminal.write(String(decoding: try manifest.encoded(), as: UTF8.self), to: STDOUT_FILENO)
    }
    try Failure.conclude(failures, of: paths.count)
  }
}
