import ArgumentParser
import EDViz
import FoundationEssentials

/// Which network, with which weights, and how photographs reach it.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Weight file: safetensors, or PyTorch's .pt/.pth/.pth.tar/.th. Default: the model that comes with edviz.",
      valueName: "file"),
    completion: .file())
  var weights: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Network of the weights: a name ('edviz models list') or a JSON description. Default: what the file tells.",
      valueName: "name"),
    completion: .list(ModelRegistry.names))
  var model: String?

  @OptionGroup var variant: VariantOptions
  @OptionGroup var choice: WeightChoiceOptions

  @OptionGroup var preprocessing: PreprocessingOptions

  /// The model, and where its weights came from.
  struct Loaded {
    let model: Model
    /// The path; none for the bundled model.
    let checkpoint: String?
    /// A sentence about names that its classes were given.
    var namesRemark: String?

    /// What a reader should know of the file.
    var remarks: [String] {
      (checkpoint.map { path in model.remarks.map { "\(path): \($0)" } } ?? [])
        + [namesRemark].compactMap { $0 }
    }
  }

  /// The model; what a reader should know of its file is told.
  func load(_ common: CommonOptions) throws -> Loaded {
    let loaded = try Self.load(
      weights: weights, model: model, choice.choice, variants: variant.variants(), preprocessing)
    common.warn(loaded.remarks)
    return loaded
  }

  /// The model of a weight file, or the bundled one.
  static func load(
    weights: String?, model: String?, _ choice: WeightChoice, variants: [NetworkVariant],
    _ preprocessing: PreprocessingOptions
  ) throws -> Loaded {
    let architecture = try model.map { try Self.architecture($0) }
    let checkpoint: Checkpoint
    if let weights {
      checkpoint = try Checkpoint(contentsOf: weights, choice: choice)
    } else if let model {
      throw Failure(.usage, "edviz has no weights of '\(model)'; name a file with --weights")
    } else {
      checkpoint = try Checkpoint(bytes: Model.bundledBytes, path: "default.safetensors")
    }
    let loaded = try Model(checkpoint: checkpoint, architecture: architecture, variants: variants)
    let changed = Model(loaded, preprocessing: try preprocessing.adjusted(loaded.preprocessing))
    let (named, remark) = changed.namingImageNetClasses()
    return Loaded(
      model: named, checkpoint: weights, namesRemark: remark.map { "\(weights ?? "the model") \($0)" })
  }

  /// A registered name, or the description in a file.
  static func architecture(_ text: String) throws -> Model.Architecture {
    guard NetworkDescription.isFile(text) else { return .named(text) }
    return .described(try NetworkDescription(contentsOf: text), name: Paths.stem(of: text))
  }
}
