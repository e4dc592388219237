extension Checkpoint {
  /// The same entries under the published ED-Net names, whichever known convention the file follows; under their
  /// own names if it follows none. Names that the convention does not cover stay as they are, without the prefix.
  /// The layers of a squeeze-and-excitation gate and a head, which timm may keep as 1×1 convolutions, become fully connected, and the
  /// convolution along the channels of an ECA gate one of two dimensions.
  /// - Throws: `CheckpointError.duplicateName` if two names become one.
  public func withCanonicalNames() throws(CheckpointError) -> Checkpoint {
    guard let names = ParameterNames(detectedIn: map(\.name)) else { return self }
    return try renamed { names.canonical($0) }.reshaped { name, shape in
      if Self.isExcitation(name) || name == "fc.weight", shape.count == 4, shape[2...] == [1, 1] {
        return Array(shape.prefix(2))
      }
      return Self.isChannelAttention(name) && shape.count == 3 ? [shape[0], shape[1], 1, shape[2]] : shape
    }
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

  private static func isExcitation(_ name: String) -> Bool {
    name.hasSuffix(".fc_reduction.weight") || name.hasSuffix(".fc_extention.weight")
  }

  private static func isChannelAttention(_ name: String) -> Bool { name.hasSuffix(".eca.conv.weight") }

  /// The same entries, some under shapes that differ by dimensions of one.
  private func reshaped(_ shape: (String, [Int]) -> [Int]) throws(CheckpointError) -> Checkpoint {
    try Checkpoint(path: path, format: format, map { $0.reshaped(shape($0.name, $0.shape)) }, metadata)
  }

  /// The same entries under other names.
  /// - Throws: `CheckpointError.duplicateName` if two names become one.
  public func renamed(_ rename: (String) -> String) throws(CheckpointError) -> Checkpoint {
    let entries = map {
      Entry(name: rename($0.name), shape: $0.shape, type: $0.type, content: $0.content)
    }
    return try Checkpoint(path: path, format: format, entries, metadata)
  }
}
