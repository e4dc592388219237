import ArgumentParser
import EDViz
import Glibc

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network by a recipe.",
    discussion: """
      A recipe is a YAML file; every field can also be said here, which goes before the file. Paths in a recipe begin \
      at its folder. The folder of a run, Output/train/NAME unless --output names one, holds last.safetensors and \
      best.safetensors (models for all other commands), epochs.csv, log.jsonl, curves.svg and .png, recipe.yaml (complete) and, \
      at the end, manifest.json.

      A run that was stopped by Ctrl-C, killed or cut off by a power failure goes on with --resume, and makes the same \
      numbers as an unbroken one at the same number of threads.

      EXAMPLES
        edviz train cifar10-short.yaml --train cifar/train --validation cifar/test
        edviz train my.yaml --epochs 10 --rate 0.05 --schedule '{kind: cosine}'
        edviz train my.yaml --resume
        edviz train --resume --output Output/train/my

      EXIT STATUS
        0    done
        1    done, but pictures could not be read
        64   wrong usage, or another recipe than the run began with
        65   unusable recipe or data, other data than the run began with, or the loss is no longer finite
        66   a file is missing, or there is no run to continue
        73   cannot write, a run or other results are there already, or another process is at work on the run
        130  stopped by Ctrl-C, saved
        143  stopped by SIGTERM, saved
      """)

  @Argument(
    help: "The recipe. With --resume and --output it may be left out.",
    completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String?

  @Flag(help: "Continue the run in the folder where it was saved last.")
  var resume = false

  @OptionGroup(title: "Data") var data: RecipeDataOptions
  @OptionGroup(title: "Network's input") var preprocessing: PreprocessingOptions
  @OptionGroup(title: "Learning") var learning: RecipeLearningOptions
  @OptionGroup(title: "Keeping") var keeping: RecipeKeepingOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  func validate() throws {
    if resume, common.force {
      throw ValidationError("--resume continues a run, --force replaces it: choose one")
    }
    if recipe == nil, !resume || common.output == nil {
      throw ValidationError("name a recipe, or a run to continue with --resume --output FOLDER")
    }
  }

  func run() throws {
    let path = recipe ?? (common.output ?? "") + "/recipe.yaml"
    if recipe == nil, Folders.kind(of: path) == nil {
      throw TrainingError.noRun(folder: common.output ?? "")
    }
    let recipe = try adjusted(try Recipe(contentsOf: path), path: path)
    let folder = common.output ?? "Output/train/\(recipe.name)"
    let isQuiet = common.quiet || common.json
    Interruption.listen(isQuiet: isQuiet)
    let recorded = resume ? try? Manifest(contentsOf: "\(folder)/\(ResultFolder.manifestName)") : nil
    let training = try TrainingRun(
      recipe, folder: folder, beginning: resume ? .resumed : .fresh(replacing: common.force),
      observers: [TrainingCurves(), HeatmapFilmstrip()] + (isQuiet ? [] : [TrainingConsole()]),
      stop: Interruption.request)
    // Also for those who want no remarks: a network that begins with a part of the weights is another one.
    if common.quiet, !resume, let loading = training.loading, !loading.isWhole {
      Terminal.note("edviz: warning: \(loading.summary)")
    }
    let end = try training.run()
    if end.reason == .stopped {
      let signal = Interruption.request.signal ?? SIGINT
      throw Failure(
        Interruption.status(signal),
        "stopped after step \(end.step); continue with: edviz train --resume --output \(folder)")
    }
    var manifest = try record(training, end)
    // A run that was over stays as it is, with the pictures that it could not read.
    if let recorded, recorded.training?.steps == end.step { manifest = recorded }
    try write(manifest, to: training.path)
    try Failure.conclude(
      unreadable: manifest.inputs.compactMap(\.error), of: training.trainImages + training.validationImages,
      "were not learnt from or scored", common)
  }

  /// The recipe with what the command line says otherwise.
  private func adjusted(_ recipe: Recipe, path: String) throws -> Recipe {
    var recipe = recipe
    do {
      try data.apply(to: &recipe)
      recipe.input = try preprocessing.adjusted(recipe.input)
      try learning.apply(to: &recipe)
      keeping.apply(to: &recipe)
      if let threads = common.threads { recipe.threads = threads }
      recipe.makePathsAbsolute()
      return try recipe.validated(path: path)
    } catch let error as TrainingError {
      // The file was usable by itself: it is the options that are not.
      throw Failure(.usage, "\(error)")
    }
  }

  /// What there is to say of a run that is over.
  private func record(_ training: TrainingRun, _ end: RunEnd) throws -> Manifest {
    let model = training.validationImages > 0 ? "best.safetensors" : "last.safetensors"
    let path = training.path + "/" + model
    var manifest = Manifest(
      edviz: edvizVersion, command: CommandLine.words,
      engine: Manifest.Engine(backend: ConvolutionBackends.preferred),
      model: Manifest.Model(
        try training.snapshot(), checkpoint: model, sha256: try SHA256.hexadecimal(ofFile: path)))
    manifest.training = Manifest.Training(
      recipe: "recipe.yaml", trainImages: training.trainImages, validationImages: training.validationImages,
      classes: training.classes, epochs: training.recipe.epochs, steps: end.step, best: end.best,
      seconds: end.seconds)
    manifest.training?.beginning = training.loading.map {
      Manifest.Training.Beginning(
        path: $0.path, loaded: $0.loaded.count, of: $0.loaded.count + $0.initialized.count,
        initialized: $0.initialized, unused: $0.unused)
    }
    let bad = training.badImages
    manifest.training?.unreadable = bad.count
    manifest.training?.remarks = training.remarks.isEmpty ? nil : training.remarks
    manifest.inputs = bad.map { image in
      var record = Manifest.Input(path: image.name)
      record.error = image.reason
      return record
    }
    manifest.folder = training.path
    manifest.seconds = end.seconds
    manifest.finished = Timestamp.now()
    return manifest
  }

  private func write(_ manifest: Manifest, to folder: String) throws {
    let text = try manifest.encoded()
    try AtomicFile.write(text, to: folder + "/" + ResultFolder.manifestName)
    guard !common.json else {
      return Terminal.write(String(decoding: text, as: UTF8.self), to: STDOUT_FILENO)
    }
    Terminal.result(folder + "/" + (manifest.model?.checkpoint ?? ""))
  }
}
