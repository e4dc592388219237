import Tensors

extension Checkpoint {
  /// The same entries under the published ED-Net names, whichever known convention the file follows; under their
  /// own names if it follows none. Names that the convention does not cover stay as they are, without the prefix.
  /// The layers of a squeeze-and-excitation gate and a head, which timm may keep as 1×1 convolutions, become fully connected, and the
  /// convolution along the channels of an ECA gate one of two dimensions.
  /// - Throws: `CheckpointError.duplicateName` if two names become one, `.severalNetworks`.
  public func withCanonicalNames() throws(CheckpointError) -> Checkpoint {
    try checkIsOne()
    guard let names = ParameterNames(detectedIn: map(\.name), prefix: prefix) else { return self }
    return try renamed { names.canonical($0) }.withUsualShapes()
  }

  /// Throws if the tensors are those of several networks and nobody has said which is meant.
  func checkIsOne() throws(CheckpointError) {
    guard choices.isEmpty else { throw .severalNetworks(path: path, choices: choices) }
  }

  /// The same entries under another convention's names; `self` has canonical ones. Undoes `withCanonicalNames`.
  /// - Returns: nil for the name of an entry that the convention has none for.
  public func renamed(
    after names: ParameterNames
  ) throws(CheckpointError) -> (renamed: Checkpoint?, nameless: String?) {
    if let odd = first(where: { names.original($0.name) == nil }) { return (nil, odd.name) }
    let shaped = try reshaped { name, shape in
      if names.convention is ResNetV2Names, name == "fc.weight", shape.count == 2 { return shape + [1, 1] }
      guard names.convention is TorchvisionNames else { return shape }
      if Self.isExcitation(name), shape.count == 2 { return shape + [1, 1] }
      return Self.isChannelAttention(name) && shape.count == 4 ? [shape[0], shape[1], shape[3]] : shape
    }
    return (try shaped.renamed { names.original($0) ?? $0 }, nil)
  }

  /// The same entries under other names.
  /// - Throws: `CheckpointError.duplicateName` if two names become one.
  public func renamed(_ rename: (String) -> String) throws(CheckpointError) -> Checkpoint {
    try selecting { rename($0.name) }
  }

  /// The entries that `name` gives a name, under it.
  /// - Throws: `CheckpointError.duplicateName` if two names become one.
  package func selecting(_ name: (Entry) -> String?) throws(CheckpointError) -> Checkpoint {
    let entries = compactMap { entry in
      name(entry).map { Entry(name: $0, shape: entry.shape, type: entry.type, content: entry.content) }
    }
    return try Checkpoint(path: path, format: format, entries, metadata)
  }

  /// The same entries and one more.
  /// - Throws: `CheckpointError.duplicateName` if its name is taken.
  package func adding(_ entry: Entry, named name: String) throws(CheckpointError) -> Checkpoint {
    let added = Entry(name: name, shape: entry.shape, type: entry.type, content: entry.content)
    return try Checkpoint(path: path, format: format, Array(self) + [added], metadata)
  }

  /// The same entries and a vector of zeros.
  package func adding(zeros count: Int, named name: String) throws(CheckpointError) -> Checkpoint {
    let zeros = Entry(
      name: name, shape: [count], type: .f32, content: .memory(Tensor(repeating: 0, shape: [count])))
    return try adding(zeros, named: name)
  }

  /// The same entries, and statistics that change nothing where no normalisation has any: Detectron folds them into scale and
  /// offset. The variance is a little less than one because the network adds 1e-5 to it.
  func withStatistics() throws(CheckpointError) -> Checkpoint {
    guard let scale = self["bn1.weight"], scale.shape.count == 1,
      !contains(where: { $0.name.hasSuffix(".running_mean") || $0.name.hasSuffix(".running_var") })
    else { return self }
    var made = Array(self)
    for entry in self where entry.shape.count == 1 && entry.name.hasSuffix(".weight") {
      let module = entry.name.dropLast(".weight".count)
      for (name, value) in [("running_mean", 0), ("running_var", 1 - 1e-5 as Float)] {
        let statistic = Tensor(repeating: value, shape: entry.shape)
        made.append(
          Entry(name: "\(module).\(name)", shape: entry.shape, type: .f32, content: .memory(statistic)))
      }
    }
    return try Checkpoint(path: path, format: format, made, metadata)
  }

  /// The same entries, the layers of gates and a head as matrices, the convolution of an ECA gate in two dimensions.
  func withUsualShapes() throws(CheckpointError) -> Checkpoint {
    try reshaped { name, shape in
      if Self.isExcitation(name) || name == "fc.weight", shape.count == 4, shape[2...] == [1, 1] {
        return Array(shape.prefix(2))
      }
      return Self.isChannelAttention(name) && shape.count == 3 ? [shape[0], shape[1], 1, shape[2]] : shape
    }
  }

  private static func isExcitation(_ name: String) -> Bool {
    name.hasSuffix(".fc_reduction.weight") || name.hasSuffix(".fc_extention.weight")
  }

  private static func isChannelAttention(_ name: String) -> Bool { name.hasSuffix(".eca.conv.weight") }

  /// The same entries, some under shapes that differ by dimensions of one.
  private func reshaped(_ shape: (String, [Int]) -> [Int]) throws(CheckpointError) -> Checkpoint {
    try Checkpoint(path: path, format: format, map { $0.reshaped(shape($0.name, $0.shape)) }, metadata)
  }
}
