import ArgumentParser
import EDViz
import Glibc

struct EvaluateMasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks",
    abstract: "Score how well attention masks lie on objects that someone marked, by masks or boxes.",
    discussion: """
      A row for each branch and input size: mean IoU over pictures of attention mask and object. With --boxes, also \
      of the boxes around the mask (all parts, and the largest) and the object, and the share of pictures where that \
      is above 0.5; the object's mask is then its filled box. Below, on the same pictures, masks that need no \
      network: the whole picture, and the centred box of half its area.

      Scores of each picture are in pictures.csv; manifest.json names the protocol. A mask is found by its picture's \
      name, in a subfolder of the same name or else in any. What the network does not see (--fit crop) counts as \
      without attention.

      EXAMPLES
        edviz evaluate masks --images photos/ --masks masks/
        edviz evaluate masks --images photos/ --masks masks/ -r F -r ED -r output --sizes 224,448
        edviz evaluate masks --boxes val/*/boxes.txt --box-ends included --component largest
      """)

  @OptionGroup(title: "Pictures") var pictures: MarkedPictureArguments
  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "Sides that pictures are brought to, in turn. Default: --size, or what the model says.",
      valueName: "n,n,…"))
  var sizes: SizeList?

  @OptionGroup(title: "What to look at") var tap: TapOptions
  @OptionGroup(title: "What to cut out") var rule: MaskOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  /// Numbers with commas between, each once.
  struct SizeList: ExpressibleByArgument {
    let values: [Int]

    init?(argument: String) {
      var seen: Set<Int> = []
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.allSatisfy({ $0.map((1...8192).contains) ?? false }) else { return nil }
      values = parts.compactMap { $0 }.filter { seen.insert($0).inserted }
    }
  }

  func validate() throws {
    guard sizes == nil || model.preprocessing.size == nil else {
      throw ValidationError("say either --size or --sizes")
    }
  }

  func run() throws {
    common.useThreads()
    let clock = ContinuousClock()
    let start = clock.now
    let (maskProtocol, taps) = (try rule.maskProtocol(), try tap.taps())
    let digest = model.weights.map(BackgroundDigest.init(ofFile:))
    let loaded = try model.load()
    guard sizes == nil || loaded.model.preprocessing.fit != .none else {
      throw Failure(.usage, "with --fit none pictures keep their size, so that --sizes means nothing")
    }
    let session = AttentionSession(model: loaded.model)
    let job = try LocalisationRun(
      session: session, taps: taps, rule: maskProtocol, sizes: sizes?.values ?? [])
    var summary = LocalisationSummary(job.settings)
    var codes: Set<Failure.Code> = []
    func leave(_ path: String, _ error: any Error) {
      let failure = Failure(error)
      Terminal.complain(failure.message, asJSON: common.json, code: failure.code.rawValue)
      codes.insert(failure.code)
      summary.add(error, at: path)
    }
    let inputs = try pictures.inputs(complain: leave)
    let folder = try common.evaluationFolder(model: model, data: pictures.name)
    do {
      let table = try LocalisationTable(folder: folder, settings: job.settings)
      try score(inputs, job, leave: leave) { input, scored in
        try table.append(input.path, scored)
        summary.add(scored)
      }
      guard summary.count > 0 else {
        throw Failure(codes == [.missingInput] ? .missingInput : .data, summary.shortfall)
      }
      try table.finish()
      var manifest = Manifest(
        edviz: edvizVersion, command: CommandLine.arguments,
        engine: Manifest.Engine(backend: session.backend),
        model: Manifest.Model(
          loaded.model, checkpoint: loaded.checkpoint, sha256: try digest?.value() ?? Model.bundledSHA256))
      manifest.folder = folder.path
      manifest.masking = Manifest.Masking(maskProtocol)
      manifest.localisation = summary.record(boxEnds: pictures.boxes.isEmpty ? nil : pictures.boxEnds)
      manifest.seconds = (clock.now - start) / .seconds(1)
      manifest.finished = Timestamp.now()
      try folder.finish(manifest)
      try report(manifest)
    } catch {
      folder.abandon()
      throw error
    }
    if !summary.unscored.isEmpty { throw Failure(.someInputsFailed, summary.shortfall) }
  }

  /// Hands on every picture with its scores, or with what is wrong with it.
  private func score(
    _ inputs: [LocalisationInput], _ job: LocalisationRun, leave: (String, any Error) -> Void,
    keep: (LocalisationInput, LocalisationRun.Scored) throws -> Void
  ) throws {
    var progress = Progress(total: inputs.count, isQuiet: common.quiet || common.json)
    try job.run(over: inputs) { input, result in
      switch result {
      case .success(let scored): try keep(input, scored)
      case .failure(let error):
        guard Failure(error).concernsOneInput else { throw error }
        progress.makeRoom()
        leave(input.path, error)
      }
      progress.advance()
    }
  }

  private func report(_ manifest: Manifest) throws {
    guard !common.json else {
      return Terminal.write(String(decoding: try manifest.encoded(), as: UTF8.self), to: STDOUT_FILENO)
    }
    guard let found = manifest.localisation, let masking = manifest.masking else { return }
    let withBoxes = found.objects == "boxes"
    let boxHeadings = ["box IoU", "> 0.5", "largest box IoU", "> 0.5"]
    var table = TextTable(["mask", "block", "input", "mask IoU"] + (withBoxes ? boxHeadings : []))
    for row in found.rows + found.trivial {
      let boxes = [
        row.boxIoU?.fixed(4), row.boxIoUAboveHalf.map { ($0 * 100).fixed(1) + " %" },
        row.largestBoxIoU?.fixed(4), row.largestBoxIoUAboveHalf.map { ($0 * 100).fixed(1) + " %" },
      ]
      let size = row.inputSize.map(String.init) ?? (row.block == nil ? "" : "as is")
      table.append(
        [row.name, row.block ?? "", size, row.maskIoU.fixed(4)]
          + (withBoxes ? boxes.map { $0 ?? "" } : []))
    }
    for row in common.quiet ? [] : found.rows where row.emptyMasks > 0 {
      let size = row.inputSize.map { " at \($0)" } ?? ""
      Terminal.note("edviz: warning: the mask of \(row.name)\(size) is empty in \(row.emptyMasks) pictures")
    }
    Terminal.result(
      """
      \(table.text)

      means over \(found.count) pictures; strictly above \(masking.threshold) of the \
      \(masking.thresholdAt == .image ? "map at the picture's size" : "network's own map"), parts: \
      \(masking.component.rawValue)
      \(manifest.folder ?? "")
      """)
  }
}
