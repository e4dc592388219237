import ArgumentParser
import EDViz

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract:
      "Convert a weight file to safetensors, or its network to ONNX, with preprocessing and class names.",
    discussion: """
      Reads safetensors and PyTorch's .pt, .pth, .pth.tar and .th without executing anything in them. Tensors get \
      the names of the published ED-Net code unless --names says otherwise. Weights of a network that edviz does \
      not know are converted as they are.

      An output that ends in .onnx is a model for ONNX Runtime and others (opset 17): images [N, 3, H, W] called \
      'input', brought to size and normalised as the metadata says, and outputs 'logits' and one for each --tap.

      EXAMPLES
        edviz convert resnet50.pth resnet50.safetensors
        edviz convert resnet20.th resnet20.safetensors --names torchvision
        edviz convert my.pth my.safetensors --model my.json --precision f16
        edviz convert resnet50.pth resnet50.onnx --tap last:output --tap layer3.5:F
        edviz convert ed.safetensors ed.onnx --input-size 224 --keep-batch-norm
      """)

  enum Names: String, CaseIterable, ExpressibleByArgument {
    case published, torchvision, keep
  }

  @Argument(help: "The weight file to read.", completion: .file())
  var input: String

  @Argument(
    help: "The .safetensors or .onnx file to write.", completion: .file(extensions: ["safetensors", "onnx"]))
  var output: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Network of the weights: a name ('edviz models list') or a JSON description. Default: what the file tells.",
      valueName: "name"),
    completion: .list(ModelRegistry.names))
  var model: String?

  @OptionGroup var variant: VariantOptions

  @OptionGroup var choice: WeightChoiceOptions

  @Option(
    help: ArgumentHelp(
      "Class names in the order of the logits: one a line, CSV, TSV, JSON, or 'imagenet' for the names of ILSVRC2012.",
      valueName: "file"))
  var classes: String?

  @OptionGroup(title: "Preprocessing to record") var preprocessing: PreprocessingOptions

  @Option(help: "f32, f16 or bf16; 16 bits are rounded to nearest even.")
  var precision = Checkpoint.Precision.f32

  @Option(help: "Names of the tensors: published, torchvision, or keep those of the input.")
  var names = Names.published

  @OptionGroup(title: "For ONNX") var onnx: ONNXOptions

  @Flag(help: "Replace the output if it is there already.")
  var force = false

  @Flag(help: "Print errors as JSON.")
  var json = false

  @Flag(name: [.short, .long], help: "No remarks.")
  var quiet = false

  func validate() throws {
    guard isONNX || output.lowercased().hasSuffix(".safetensors") else {
      throw ValidationError("'\(output)' must end in .safetensors or .onnx, the formats that are written")
    }
    guard isONNX || !onnx.isGiven else {
      throw ValidationError("--tap, --input-size and --keep-batch-norm need an output that ends in .onnx")
    }
    guard !isONNX || (precision == .f32 && names == .published) else {
      throw ValidationError(
        "--precision and --names are for .safetensors; ONNX files are f32 in published names")
    }
  }

  private var isONNX: Bool { output.lowercased().hasSuffix(".onnx") }

  func run() throws {
    guard force || Folders.kind(of: output) == nil else { throw FileError.exists(path: output) }
    let source = try Checkpoint(contentsOf: input, choice: choice.choice)
    if isONNX { return try export(source) }
    let (checkpoint, remark) = try converted(source)
    if precision == .f16 { try Self.refuseOverflow(checkpoint) }
    try checkpoint.write(to: output, precision: precision)
    if !quiet { Terminal.note("edviz: \(remark)") }
    Terminal.result(output)
  }

  private func export(_ source: Checkpoint) throws {
    let loaded = try Model(
      checkpoint: source, architecture: try model.map(ModelOptions.architecture),
      variants: try variant.variants(), classes: try classes.map(ClassList.read))
    let model = Model(loaded, preprocessing: try preprocessing.adjusted(loaded.preprocessing))
    warn(model)
    try onnx.translated(model).write(to: output, replacing: force)
    if !quiet { Terminal.note("edviz: \(Self.remark(input, model))") }
    Terminal.result(output)
  }

  private func warn(_ model: Model) {
    for remark in quiet || json ? [] : model.remarks { Terminal.note("edviz: warning: \(input): \(remark)") }
  }

  private static func remark(_ path: String, _ model: Model) -> String {
    "\(path): \(model.name), \(Quantity.millions(model.network.parameterCount)) parameters"
  }

  /// Half precision ends at 65,504; what lies beyond would become infinite.
  private static func refuseOverflow(_ checkpoint: Checkpoint) throws {
    for entry in checkpoint where entry.type.isFloatingPoint && entry.type.isConvertible {
      let largest = try entry.tensor().elements.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
      guard largest < 65_520 else {
        throw ModelError.unusableValues(
          path: checkpoint.path, tensor: entry.name,
          reason: "holds \(largest), too large for f16; use bf16 or f32")
      }
    }
  }

  private func converted(_ source: Checkpoint) throws -> (Checkpoint, remark: String) {
    let classes = try classes.map(ClassList.read)
    let loaded: Model
    do {
      loaded = try Model(
        checkpoint: source, architecture: try model.map(ModelOptions.architecture),
        variants: try variant.variants(), classes: classes)
    } catch let error as ModelError {
      // What was asked for may need to know the network.
      guard case .unrecognizedNetwork = error, names != .torchvision, self.classes == nil,
        !preprocessing.isGiven, variant.variant.isEmpty
      else { throw error }
      return (source, "\(input): the network is not known; tensors are converted as they are")
    }
    warn(loaded)
    var result =
      switch names {
      case .keep: source
      case .published: try loaded.tensors(in: source)
      case .torchvision: try loaded.tensors(in: source).withTorchvisionNames()
      }
    let preprocessing = try self.preprocessing.adjusted(loaded.preprocessing)
    let record = try ModelMetadata.entries(
      network: loaded.network.description, preprocessing: preprocessing, classes: loaded.classes)
    result.metadata.merge(record) { $1 }
    return (result, Self.remark(input, loaded))
  }
}

extension Checkpoint.Precision: ExpressibleByArgument {}
