import Checkpoints
import Files
import FoundationEssentials

/// What `config.json` and `preprocessor_config.json` beside a weight file say of its model, as Hugging Face and timm write
/// them.
struct NeighborConfiguration {
  /// The files that said something.
  private(set) var files: [String] = []
  /// The name of each logit; empty if they do not say.
  private(set) var classes: [String] = []
  /// Side in pixels of the network's input.
  private(set) var size: Int?
  private(set) var mean: [Float]?
  private(set) var standardDeviation: [Float]?
  /// What a reader should know, each as the end of a sentence about the weight file.
  private(set) var remarks: [String] = []

  /// Bytes of the largest configuration; 21,000 class names take less than two million.
  private static let largest = 16 << 20

  /// Reads what stands beside a checkpoint that came from a file.
  /// - Parameter logits: how many class names are needed; others are left out with a remark.
  init(beside checkpoint: Checkpoint, logits: Int) throws {
    guard checkpoint.format != nil else { return }
    let folder = Paths.folder(of: checkpoint.path)
    if let file = read("config.json", in: folder) {
      if file["model_type"]?.text == "resnet"
        || file["architectures"]?.texts?.contains(where: { $0.hasPrefix("ResNet") }) == true
      {
        files.append("config.json")
        takeTransformers(file)
      } else if file["architecture"]?.text != nil,
        file["pretrained_cfg"]?.object != nil || file["num_classes"] != nil
      {
        files.append("config.json")
        takeTimm(file)
      }
    }
    if let file = read("preprocessor_config.json", in: folder) {
      files.append("preprocessor_config.json")
      takeProcessor(file)
    }
    if !classes.isEmpty, classes.count != logits {
      if logits > 0 {
        remarks.append(
          "config.json beside it names \(classes.count) classes, but there are \(logits); they are not used")
      }
      classes = []
    }
    checkNumbers()
  }

  /// Preprocessing with what the files say of it.
  func adjusted(_ usual: Preprocessing) -> Preprocessing {
    var made = usual
    if let size { made.size = size }
    if let mean { made.mean = mean }
    if let standardDeviation { made.standardDeviation = standardDeviation }
    return made
  }

  private mutating func read(_ name: String, in folder: String) -> JSONValue? {
    let path = folder.isEmpty ? name : folder + "/" + name
    guard Folders.kind(of: path) == .file else { return nil }
    do {
      let bytes = try FileBytes.read(path, limit: Self.largest)
      return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch {
      remarks.append("\(name) beside it cannot be read and is not used")
      return nil
    }
  }

  /// transformers' `ResNetConfig`.
  private mutating func takeTransformers(_ file: JSONValue) {
    let labels = file["id2label"]?.object ?? [:]
    let names = (0..<labels.count).compactMap { labels["\($0)"]?.text }
    // LABEL_0 is what nobody named.
    if names.count == labels.count, !names.enumerated().allSatisfy({ $0.element == "LABEL_\($0.offset)" }) {
      classes = names
    }
    if let activation = file["hidden_act"]?.text, activation != "relu" {
      remarks.append("config.json beside it asks for \(activation) in place of ReLU, which is not computed")
    }
    for key in ["downsample_in_bottleneck", "downsample_in_first_stage"] where file[key]?.boolean == true {
      remarks.append("config.json beside it says \(key), which is not computed")
    }
  }

  /// timm's configuration of a model on the hub.
  private mutating func takeTimm(_ file: JSONValue) {
    let settings = file["pretrained_cfg"] ?? file
    classes = file["label_names"]?.texts ?? settings["label_names"]?.texts ?? []
    if let descriptions = file["label_descriptions"]?.object {
      classes = classes.map { descriptions[$0]?.text ?? $0 }
    }
    mean = settings["mean"]?.numbers
    standardDeviation = settings["std"]?.numbers
    let shape = settings["test_input_size"]?.numbers ?? settings["input_size"]?.numbers
    size = shape?.last.flatMap { Int(exactly: $0) }
    note(interpolation: settings["interpolation"]?.text, in: "config.json")
  }

  /// transformers' image processor.
  private mutating func takeProcessor(_ file: JSONValue) {
    if file["do_normalize"]?.boolean == false {
      (mean, standardDeviation) = ([0, 0, 0], [1, 1, 1])
    } else {
      mean = file["image_mean"]?.numbers ?? mean
      standardDeviation = file["image_std"]?.numbers ?? standardDeviation
    }
    let side =
      file["size"]?.number ?? file["size"]?["shortest_edge"]?.number ?? file["size"]?["height"]?.number
    size = side.flatMap { Int(exactly: $0) } ?? size
    // Pillow's numbers.
    let kinds = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"]
    let number = file["resample"]?.number.flatMap { Int(exactly: $0) }
    note(
      interpolation: number.flatMap { kinds.indices.contains($0) ? kinds[$0] : nil },
      in: "preprocessor_config.json")
  }

  private mutating func note(interpolation: String?, in file: String) {
    guard let interpolation, interpolation != "bilinear" else { return }
    remarks.append("\(file) beside it asks for \(interpolation) resizing; pictures are resized bilinearly")
  }

  /// Numbers that no preprocessing can have are left out.
  private mutating func checkNumbers() {
    let tried = adjusted(Preprocessing(size: 224))
    guard let mistake = tried.mistake else { return }
    remarks.append("what stands beside it is not used: \(mistake.part) \(mistake.reason)")
    (size, mean, standardDeviation) = (nil, nil, nil)
  }
}
