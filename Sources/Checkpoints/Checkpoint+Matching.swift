extension Checkpoint {
  /// The entries a network needs, in the order it asks for them; strict, as PyTorch's `load_state_dict`.
  ///
  /// Batch normalisation's step counters are left out unless they are asked for.
  ///
  /// - Throws: `CheckpointError.mismatch` with every missing, unexpected and mis-shaped tensor.
  public func matched(
    against expected: [(name: String, shape: [Int])]
  ) throws(CheckpointError) -> [Entry] {
    var found: [Entry] = []
    found.reserveCapacity(expected.count)
    var missing: [String] = []
    var misshaped: [CheckpointError.Mismatch.Shape] = []
    for (name, shape) in expected {
      guard let entry = self[name] else {
        missing.append(name)
        continue
      }
      if entry.shape != shape {
        misshaped.append(.init(name: name, expected: shape, found: entry.shape))
      }
      found.append(entry)
    }
    let needed = Set(expected.lazy.map(\.name))
    let unexpected = filter { !$0.isStepCounter && !needed.contains($0.name) }.map(\.name)
    guard missing.isEmpty, unexpected.isEmpty, misshaped.isEmpty else {
      throw .mismatch(
        path: path, .init(missing: missing, unexpected: unexpected, misshaped: misshaped))
    }
    return found
  }
}
