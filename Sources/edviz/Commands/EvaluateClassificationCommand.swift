import ArgumentParser
import EDViz
import Glibc

struct EvaluateClassificationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classification",
    abstract:
      "Score how well a model names classes: top-1, top-5, loss, a table by class, a confusion matrix.",
    discussion: """
      Classes of the data are found among the model's by name; if no name is known to both, by their order. Pictures \
      go through the model's preprocessing, and those of a batch must come out at one size.

      Formats: auto, \(DatasetFormat.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).

      EXAMPLES
        edviz evaluate classification --weights best.safetensors --data cifar/test
        edviz evaluate classification -w resnet50.pth --data imagenet --split val --fit crop --json
      """)

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "Labelled pictures: a folder, a zip archive, CIFAR files, a list.", valueName: "path"),
    completion: .file())
  var data: String

  @Option(help: ArgumentHelp("Their format; auto looks.", valueName: "name"))
  var format = "auto"

  @Option(
    help: ArgumentHelp(
      "Which part of them: train, val or test. Default: test or val, else everything.", valueName: "split"))
  var split: DatasetSplit?

  @Option(help: ArgumentHelp("Pictures computed at once.", valueName: "n"))
  var batch = 64

  @Option(help: ArgumentHelp("softmax or sigmoid: what the loss is computed as.", valueName: "kind"))
  var loss = Loss.softmax

  @OptionGroup var unreadable: UnreadableOptions

  @OptionGroup(title: "Results") var common: CommonOptions

  func validate() throws {
    guard (1...65_536).contains(batch) else { throw ValidationError("--batch must be from 1 to 65536") }
  }

  func run() throws {
    common.useThreads()
    let clock = ContinuousClock()
    let start = clock.now
    // Quiet, because there is nothing to continue.
    Interruption.listen(isQuiet: true)
    let digest = model.weights.map(BackgroundDigest.init(ofFile:))
    let loaded = try model.load(common)
    let source = DatasetSource(path: data, format: format, split: split)
    let evaluation = try ClassificationEvaluation(
      loaded.model, data: source, batch: batch, maxUnreadable: unreadable.share)
    common.warn([loaded.namesRemark].compactMap { $0 } + evaluation.remarks)
    let folder = try common.evaluationFolder(
      model: model.weights.map(Paths.stem) ?? "default", data: Paths.stem(of: data))
    var progress = Progress(total: evaluation.batches, isQuiet: common.quiet || common.json)
    do {
      let score = try evaluation.score(loss: loss, stop: Interruption.request) { _ in progress.advance() }
      guard let score else {
        throw Failure(Interruption.status(Interruption.request.signal ?? SIGINT), "stopped")
      }
      try ClassificationFiles.write(score, names: evaluation.classes, title: loaded.model.name, to: folder)
      var manifest = Manifest(
        edviz: edvizVersion, command: CommandLine.words,
        engine: Manifest.Engine(backend: ConvolutionBackends.preferred),
        model: Manifest.Model(
          loaded.model, checkpoint: loaded.checkpoint, sha256: try digest?.value() ?? Model.bundledSHA256))
      manifest.folder = folder.path
      manifest.classification = ClassificationFiles.record(
        score, names: evaluation.classes, source: source, unreadable: evaluation.badImages.count)
      manifest.inputs = evaluation.badImages.map { image in
        var record = Manifest.Input(path: image.name)
        record.error = image.reason
        return record
      }
      let remarks = loaded.model.remarks + evaluation.remarks
      manifest.remarks = remarks.isEmpty ? nil : remarks
      manifest.seconds = (clock.now - start) / .seconds(1)
      manifest.finished = Timestamp.now()
      try folder.finish(&manifest)
      try report(manifest)
    } catch {
      folder.abandon()
      if case DatasetError.sizesDiffer = error {
        throw Failure(.data, "\(error); --fit crop and --fit square bring all to one size")
      }
      throw error
    }
    try Failure.conclude(
      unreadable: evaluation.badImages.map(\.reason), of: evaluation.images, "were left out", common)
  }

  private func report(_ manifest: Manifest) throws {
    guard !common.json else {
      return Terminal.write(String(decoding: try manifest.encoded(), as: UTF8.self), to: STDOUT_FILENO)
    }
    guard let found = manifest.classification else { return }
    var table = TextTable(["class", "images", "top-1", "precision"])
    for row in found.classes where row.count > 0 || row.predicted > 0 {
      table.append([
        row.name, "\(row.count)", row.count > 0 ? (row.top1 * 100).fixed(2) : "–",
        row.predicted > 0 ? (row.precision * 100).fixed(2) : "–",
      ])
    }
    Terminal.result(
      """
      \(table.text)

      \(found.count) images: top-1 \((found.top1 * 100).fixed(2)) %, top-5 \((found.top5 * 100).fixed(2)) %, \
      \(found.lossKind) loss \(found.loss.fixed(4))
      \(manifest.folder ?? "")
      """)
  }
}
