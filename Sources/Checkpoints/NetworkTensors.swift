/// The tensors of a checkpoint told apart: stem and blocks of a residual network, and all others.
package struct NetworkTensors {
  /// How the file names them; nil if nothing is known.
  package let names: ParameterNames?
  /// Stem and blocks under canonical names, and what else stands inside them under its own.
  package let body: Checkpoint
  /// The others under their own names: a head, what a trainer keeps, parts of a larger network.
  package let others: Checkpoint
  /// What stands before the names of further residual networks, whose tensors are left out.
  package let rivals: [String]
  /// Each tensor's own name, by that in `body`.
  private let own: [String: String]

  /// - Throws: `CheckpointError.duplicateName` if two tensors of the network have one name, `.severalNetworks`.
  package init(_ checkpoint: Checkpoint) throws(CheckpointError) {
    try checkpoint.checkIsOne()
    let names = ParameterNames(detectedIn: checkpoint.map(\.name), prefix: checkpoint.prefix)
    self.names = names
    guard let names else {
      body = try checkpoint.selecting { _ in nil }
      others = checkpoint
      rivals = []
      own = [:]
      return
    }
    // What stands in a module that holds known ones is part of the network, known or not.
    func container(_ name: String) -> Substring? {
      guard name.hasPrefix(names.prefix) else { return nil }
      return TransparentModules.removed(from: name.dropFirst(names.prefix.count)).prefix { $0 != "." }
    }
    let isKnown = { (name: String) in
      name.hasPrefix(names.prefix) && Self.isBody(names.canonical(name), names.convention)
    }
    let containers = Set(checkpoint.lazy.map(\.name).filter(isKnown).compactMap(container))
    let isHead = { (name: String) in
      let canonical = names.canonical(name)
      return canonical == "fc.weight" || canonical == "fc.bias"
    }
    let isInside = { (name: String) in
      container(name).map(containers.contains) == true && !isHead(name)
    }
    body = try checkpoint.selecting { isInside($0.name) ? names.canonical($0.name) : nil }.withUsualShapes()
      .withStatistics()
    // Names without a prefix are those of the network itself.
    let rivals = (checkpoint.rivals ?? Self.networks(in: checkpoint)).filter {
      $0 != names.prefix && !$0.isEmpty
    }
    others = try checkpoint.selecting { entry in
      isInside(entry.name) || rivals.contains(where: entry.name.hasPrefix) ? nil : entry.name
    }
    self.rivals = rivals
    own = Dictionary(
      checkpoint.lazy.map(\.name).filter(isInside).map { (names.canonical($0), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  private static func networks(in checkpoint: Checkpoint) -> [String] {
    ParameterNames.networks(in: checkpoint.map(\.name).prefix(CheckpointContents.mostNames)).map(\.prefix)
  }

  private static func isBody(_ canonical: String, _ convention: any NamingConvention) -> Bool {
    let module = ParameterNames.split(canonical[...]).module
    return module == "conv1" || module.hasPrefix("conv1.") || module == "bn1"
      || BlockPart(published: module) != nil
      // Behind the last block of pre-activated networks.
      || module == "norm" && (convention is ResNetV2Names || convention is PublishedNames)
  }

  /// What the file calls a tensor of canonical name, or would call it.
  package func own(_ canonical: String) -> String {
    own[canonical] ?? names?.original(canonical) ?? canonical
  }

  /// Differences by the file's own names.
  package func own(_ mismatch: CheckpointError.Mismatch) -> CheckpointError.Mismatch {
    CheckpointError.Mismatch(
      missing: mismatch.missing.map(own), unexpected: mismatch.unexpected.map(own),
      misshaped: mismatch.misshaped.map {
        .init(name: own($0.name), expected: $0.expected, found: $0.found)
      })
  }
}
