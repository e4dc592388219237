import Checkpoints
import Tensors

/// What stands behind the last block, as far as the tensors beside a network's body tell.
struct HeadTensors {
  /// What was found.
  enum Kind: Equatable {
    /// Nothing.
    case none
    /// One fully connected layer, whatever it is called and stored as; its module's own name.
    case linear(module: String)
    /// Layers that are not understood; their modules' own names.
    case unknown([String])
  }

  let kind: Kind
  /// Weights [classes, features] of a head that is understood.
  let weight: Checkpoint.Entry?
  /// Bias [classes]; nil if the head has none.
  let bias: Checkpoint.Entry?
  /// Tensors that are part of no head, by their own names.
  let leftOver: [String]

  /// A module with weights that could be a fully connected layer's.
  private struct Layer {
    let module: String
    let weight: Checkpoint.Entry
    let isConvolution: Bool
    var bias: Checkpoint.Entry?
    var outputs: Int { weight.shape[0] }
    var inputs: Int { weight.shape[1] }
  }

  /// Looks for a head behind so many features.
  /// - Parameters:
  ///   - others: everything that is no part of the body, under its own names.
  ///   - prefix: what stands before the names of the body.
  ///   - standard: the own name of the head in the file's convention, if it has one.
  init(_ others: Checkpoint, features: Int, prefix: String, standard: String?) {
    let entries = others.filter { !$0.isStepCounter }
    func give(_ layer: Layer, _ kind: Kind) -> (Kind, Checkpoint.Entry?, Checkpoint.Entry?, [String]) {
      let taken = [layer.weight.name, layer.bias?.name]
      return (kind, layer.weight, layer.bias, entries.map(\.name).filter { !taken.contains($0) })
    }
    // An encoder that was trained to compare pictures ends in an embedding, which looks like classes.
    let isEmbedding = prefix.contains("encoder_q") || prefix.contains("encoder_k")
    let layers = Self.layers(entries, features: features)
    // A 1×1 convolution may as well be part of a larger network, such as a pyramid's.
    let first = layers.filter { layer in
      layer.inputs == features
        && (!layer.isConvolution || Self.isCalledHead(Self.top(of: layer.module, beside: prefix)))
    }
    let found: (Kind, Checkpoint.Entry?, Checkpoint.Entry?, [String])
    if let head = first.first(where: { $0.module == standard }), !isEmbedding {
      found = give(head, .linear(module: head.module))
    } else if first.count == 1, !isEmbedding,
      Self.isAlone(first[0].module, entries.map(\.name), prefix: prefix),
      !layers.contains(where: { $0.inputs == first[0].outputs && $0.module != first[0].module })
    {
      found = give(first[0], .linear(module: first[0].module))
    } else {
      let linear = layers.filter { !$0.isConvolution }.map(\.module)
      let tops = Self.heads(entries, linear, prefix: prefix)
      let rest = entries.map(\.name).filter { name in !tops.contains { Self.stands(name, in: $0) } }
      found = (tops.isEmpty ? .none : .unknown(tops), nil, nil, rest)
    }
    (kind, weight, bias, leftOver) = found
  }

  /// Looks for the head of a network.
  init(_ parts: NetworkTensors, features: Int) {
    self.init(
      parts.others, features: features, prefix: parts.names?.prefix ?? "",
      standard: parts.names?.original("fc.weight").map { String($0.dropLast(".weight".count)) })
  }

  /// A body with the head under its published name, if one is understood; a bias that it has not is zero.
  func added(to body: Checkpoint) throws(CheckpointError) -> Checkpoint {
    guard let weight else { return body }
    let made = try body.adding(weight, named: "fc.weight")
    guard let bias else { return try made.adding(zeros: weight.shape[0], named: "fc.bias") }
    return try made.adding(bias, named: "fc.bias")
  }

  private static func layers(_ entries: [Checkpoint.Entry], features: Int) -> [Layer] {
    let biases = Dictionary(
      entries.filter { $0.name.hasSuffix(".bias") && $0.shape.count == 1 }.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
    return entries.compactMap { entry in
      guard entry.name.hasSuffix(".weight"), entry.type.isFloatingPoint,
        entry.shape.count == 2 || entry.shape.count == 4 && entry.shape[2...] == [1, 1], entry.shape[0] > 0
      else { return nil }
      let module = String(entry.name.dropLast(".weight".count))
      let bias = biases[module + ".bias"]
      guard bias == nil || bias?.shape == [entry.shape[0]] else { return nil }
      return Layer(module: module, weight: entry.flat, isConvolution: entry.shape.count == 4, bias: bias)
    }
  }

  /// Whether no other tensors stand in the outermost module that a layer is in, beside the body.
  private static func isAlone(_ module: String, _ names: [String], prefix: String) -> Bool {
    let top = top(of: module, beside: prefix)
    return names.allSatisfy {
      !stands($0, in: top) || $0 == module + ".weight" || $0 == module + ".bias"
    }
  }

  /// The outermost modules, beside the body, that look like heads: those of fully connected layers or called so.
  private static func heads(
    _ entries: [Checkpoint.Entry], _ layers: [String], prefix: String
  ) -> [String] {
    var seen: Set<String> = []
    return entries.map(\.name).map { top(of: $0, beside: prefix) }.filter { seen.insert($0).inserted }
      .filter { top in
        layers.contains { $0 == top || stands($0, in: top) }
          || isCalledHead(top)
      }
  }

  private static func isCalledHead(_ module: String) -> Bool {
    words.contains { module.split(separator: ".").last?.contains($0) == true }
  }

  private static let words = ["head", "fc", "classifier", "linear", "logits", "proj", "neck", "cls"]

  /// `backbone.fpn` of `backbone.fpn.inner.0` beside `backbone.body.`; `head` of `head.fc`.
  private static func top(of name: String, beside prefix: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let common = zip(parts, prefix.split(separator: ".")).prefix { $0 == $1 }.count
    return parts.prefix(common + 1).joined(separator: ".")
  }

  private static func stands(_ name: String, in module: String) -> Bool {
    name == module || name.hasPrefix(module + ".")
  }
}
