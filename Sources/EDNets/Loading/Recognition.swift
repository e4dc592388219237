import Checkpoints
import Networks

/// The network that a checkpoint's tensors belong to, and those of them that it needs.
struct Recognition {
  let name: String
  let description: NetworkDescription
  /// Exactly what the network needs, under canonical names.
  let tensors: Checkpoint
  let origin: WeightOrigin
  /// What a reader should know, each as the end of a sentence about the file.
  private(set) var remarks: [String] = []

  /// - Parameters:
  ///   - said: the user's word, which goes before the file's metadata, and that before what names and shapes tell.
  ///   - variants: what is changed in the network, in turns.
  init(_ checkpoint: Checkpoint, said: Model.Architecture?, variants: [NetworkVariant]) throws {
    let parts = try NetworkTensors(checkpoint)
    let found = try Self.architecture(of: parts, checkpoint, said)
    var description = found.description
    for variant in variants { description = try variant.applied(to: description) }
    let name = ([found.name] + variants.filter { $0 != .plain }.map(\.word)).joined(separator: "-")
    let prefix = parts.names?.prefix ?? ""
    let head = HeadTensors(parts, features: description.features)
    var module: String?
    if case .linear(let found) = head.kind { module = found }
    if !found.isFixed { description.classes = head.weight?.shape[0] ?? 0 }
    self.name = name
    self.description = description
    tensors = try head.added(to: parts.body)
    origin = WeightOrigin(
      key: checkpoint.key.isEmpty ? nil : checkpoint.key, prefix: prefix.isEmpty ? nil : prefix,
      names: parts.names?.convention.title ?? "", head: module, leftOver: parts.rivals + head.leftOver,
      files: [])
    let question = found.isRead && variants.isEmpty ? description.variantQuestion : nil
    remarks = Self.remarks(name, head, origin, question)
    if description.stem.channels == 1 {
      remarks.append("its network reads one channel: photographs are made grey")
    }
    try check(parts)
  }

  /// What nobody could expect, said once: where the tensors were, what is left over, what is open, what became of the head.
  private static func remarks(
    _ name: String, _ head: HeadTensors, _ origin: WeightOrigin, _ question: String?
  ) -> [String] {
    var remarks: [String] = []
    let isUsual = origin.key.map(CheckpointContents.ordinaryKeys.contains) ?? true
    let isElsewhere = !isUsual || origin.prefix != nil || !origin.leftOver.isEmpty
    if isElsewhere || question != nil {
      var parts: [String] = ["taken for \(name)"]
      if isElsewhere, let key = origin.key { parts.append("under '\(key)'") }
      if let prefix = origin.prefix { parts.append("'\(prefix)' taken off the names") }
      if !origin.leftOver.isEmpty { parts.append("no place for \(brief(origin.leftOver))") }
      remarks.append(([parts.joined(separator: ", ")] + [question].compactMap { $0 }).joined(separator: "; "))
    }
    if let caveat = caveats[origin.names] { remarks.append(caveat) }
    switch head.kind {
    case .none: remarks.append("has no head, so that there are maps but no classes")
    case .unknown(let modules):
      remarks.append("its head (\(brief(modules))) is not understood, so that there are maps but no classes")
    case .linear(let module) where head.bias == nil:
      remarks.append(
        "its head '\(module)' has no bias; classes are those of a plain linear layer, which a cosine classifier is not"
      )
    case .linear: break
    }
    return remarks
  }

  /// What files with names of a convention often mean and do not say.
  private static let caveats = [
    CadeneNames().title:
      "its names are those of Cadene's SENet, which pools without padding and whose se_resnet has its stride on the first "
      + "1×1 convolution; neither is computed, so that values may differ",
    Detectron2Names().title:
      "its names are those of Detectron2, whose MSRA weights see BGR pictures on 0…255 and have their stride on the first "
      + "1×1 convolution; neither is computed, so that values of such weights differ",
  ]

  static func brief(_ names: [String]) -> String {
    let shown = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    return shown + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }

  /// The network; fixed if its number of classes is said, read if names and shapes told it.
  private static func architecture(
    of parts: NetworkTensors, _ checkpoint: Checkpoint, _ said: Model.Architecture?
  ) throws -> (name: String, description: NetworkDescription, isFixed: Bool, isRead: Bool) {
    switch said {
    case .named(let name):
      var description = try ModelRegistry.description(named: name)
      let stem = parts.body["conv1.weight"] ?? parts.body["conv1.0.weight"]
      if let shape = stem?.shape, shape.count == 4 { description.stem.channels = shape[1] }
      return (name, description, false, false)
    case .described(let description, let name): return (name, description, true, false)
    case nil:
      let metadata = ModelMetadata(checkpoint)
      if let recorded = try metadata.network() { return (metadata.name, recorded, true, false) }
      if let (name, description) = ModelRegistry.match(parts.body) { return (name, description, false, true) }
      throw ModelError.unrecognizedNetwork(path: checkpoint.path, nearest: ModelRegistry.nearest(to: parts))
    }
  }

  /// Compares strictly, so that the error can name the tensors as the file does.
  private func check(_ parts: NetworkTensors) throws {
    let needed = try Network(description).parameters.map { ($0.name, $0.shape) }
    if let mismatch = tensors.mismatch(with: needed) {
      throw CheckpointError.mismatch(path: tensors.path, parts.own(mismatch))
    }
  }
}

extension NetworkDescription {
  /// Channels of the last block's output.
  var features: Int { stages.last.map { $0.outputs ?? $0.width } ?? 0 }
}
