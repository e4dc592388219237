import ArgumentParser
import EDViz
import FoundationEssentials

/// Which network, with which weights, and how photographs reach it.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Weight file: safetensors, or PyTorch's .pt/.pth/.pth.tar/.th. Default: the model that comes with edviz.",
      valueName: "file"))
  var weights: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Network of the weights: a name ('edviz models list') or a JSON description. Default: what the file tells.",
      valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("Side in pixels that photographs are brought to. Default: the model's.", valueName: "n"))
  var size: Int?

  @Option(
    help: ArgumentHelp(
      "What happens to other shapes: short (whole photograph, its short side becomes the size), square (distorted), "
        + "crop (ImageNet's centre crop), none (as it is). Default: the model's.",
      valueName: "fit"))
  var fit: Preprocessing.Fit?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Mean of red, green and blue on 0…1.", valueName: "m"))
  var mean: [Float] = []

  @Option(
    name: .customLong("std"), parsing: .upToNextOption,
    help: ArgumentHelp("Standard deviation of red, green and blue on 0…1.", valueName: "s"))
  var standardDeviation: [Float] = []

  func validate() throws {
    if let size, !(1...8192).contains(size) { throw ValidationError("--size must be from 1 to 8192") }
    guard mean.isEmpty || mean.count == 3, standardDeviation.isEmpty || standardDeviation.count == 3 else {
      throw ValidationError("--mean and --std take three numbers each")
    }
    guard standardDeviation.allSatisfy({ $0 != 0 }) else { throw ValidationError("--std must not be 0") }
  }

  /// The model, and where its weights came from.
  struct Loaded {
    let model: Model
    /// "bundled", or the path.
    let checkpoint: String
  }

  func load() throws -> Loaded {
    let architecture = try model.map { try Self.architecture($0) }
    let checkpoint: Checkpoint
    if let weights {
      checkpoint = try Checkpoint(contentsOf: weights)
    } else if let model {
      throw Failure(.usage, "edviz has no weights of '\(model)'; name a file with --weights")
    } else {
      checkpoint = try Checkpoint(bytes: Model.bundledBytes, path: "default.safetensors")
    }
    let loaded = try Model(checkpoint: checkpoint, architecture: architecture)
    let changed = Model(loaded, preprocessing: adjusted(loaded.preprocessing))
    return Loaded(model: changed, checkpoint: weights ?? "bundled")
  }

  /// The given preprocessing with what the options say otherwise.
  func adjusted(_ preprocessing: Preprocessing) -> Preprocessing {
    var result = preprocessing
    if let size { result.size = size }
    if let fit { result.fit = fit }
    if !mean.isEmpty { result.mean = mean }
    if !standardDeviation.isEmpty { result.standardDeviation = standardDeviation }
    return result
  }

  /// A registered name, or the description in a file.
  static func architecture(_ text: String) throws -> Model.Architecture {
    guard text.hasSuffix(".json") else { return .named(text) }
    return .described(try NetworkDescription(contentsOf: text), name: Paths.stem(of: text))
  }
}

extension Preprocessing.Fit: ExpressibleByArgument {}
