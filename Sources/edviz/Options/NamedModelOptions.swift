import ArgumentParser
import EDViz

/// One or several networks that are compared, each under a name.
struct NamedModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Weight file, repeated for several models; a name before it, as in plain=resnet50.pth, is what tables call it. "
        + "Default: the model that comes with edviz.",
      valueName: "[name=]file"),
    completion: .file())
  var weights: [String] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Network of the weights, one for all or one for each: a name ('edviz models list') or a JSON description. "
        + "Default: what the file tells.",
      valueName: "name"),
    completion: .list(ModelRegistry.names))
  var model: [String] = []

  @OptionGroup var variant: VariantOptions
  @OptionGroup var choice: WeightChoiceOptions

  @OptionGroup var preprocessing: PreprocessingOptions

  func validate() throws {
    guard model.count <= 1 || model.count == weights.count else {
      throw ValidationError("--model is said once, or once for each --weights")
    }
  }

  /// The models under names of their own; what a reader should know of their files is told.
  func load(_ common: CommonOptions) throws -> [(name: String, loaded: ModelOptions.Loaded)] {
    var names: Set<String> = []
    let files = weights.isEmpty ? [nil] : weights.map(Optional.some)
    return try files.enumerated().map { index, text in
      let (given, file) = text.map(Self.parts) ?? ("default", nil)
      var name = given
      var number = 1
      while !names.insert(name).inserted {
        number += 1
        name = "\(given)-\(number)"
      }
      let network = model.indices.contains(index) ? model[index] : model.first
      let loaded = try ModelOptions.load(
        weights: file, model: network, file == nil ? WeightChoice() : choice.choice,
        variants: variant.variants(), preprocessing)
      common.warn(loaded.remarks)
      return (name, loaded)
    }
  }

  /// What a manifest says of a model.
  static func record(
    _ loaded: ModelOptions.Loaded, named name: String
  ) throws -> Manifest.Localisation.NamedModel {
    let digest = try loaded.checkpoint.map(SHA256.hexadecimal(ofFile:)) ?? Model.bundledSHA256
    return Manifest.Localisation.NamedModel(
      name: name, model: Manifest.Model(loaded.model, checkpoint: loaded.checkpoint, sha256: digest))
  }

  /// Name and file; a file whose own name holds the sign is that file.
  static func parts(_ text: String) -> (name: String, file: String?) {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex, !text[..<sign].contains("/"),
      Folders.kind(of: text) == nil
    else { return (Paths.stem(of: text), text) }
    return (String(text[..<sign]), String(text[text.index(after: sign)...]))
  }
}
