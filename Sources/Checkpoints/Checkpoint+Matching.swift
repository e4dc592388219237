extension Checkpoint {
  /// The entries a network needs, in the order it asks for them; strict, as PyTorch's `load_state_dict`.
  ///
  /// Batch normalisation's step counters are left out unless they are asked for.
  ///
  /// - Throws: `CheckpointError.mismatch` with every missing, unexpected and mis-shaped tensor.
  public func matched(
    against expected: [(name: String, shape: [Int])]
  ) throws(CheckpointError) -> [Entry] {
    if let mismatch = mismatch(with: expected) { throw .mismatch(path: path, mismatch) }
    return expected.compactMap { self[$0.name] }
  }

  /// Everything in which the entries differ from those a network needs; nil if nothing does.
  package func mismatch(with expected: [(name: String, shape: [Int])]) -> CheckpointError.Mismatch? {
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
    }
    let needed = Set(expected.lazy.map(\.name))
    let unexpected = filter { !$0.isStepCounter && !needed.contains($0.name) }.map(\.name)
    guard !missing.isEmpty || !unexpected.isEmpty || !misshaped.isEmpty else { return nil }
    return CheckpointError.Mismatch(missing: missing, unexpected: unexpected, misshaped: misshaped)
  }
}
