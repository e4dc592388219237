extension Checkpoint {
  /// The same entries under the published ED-Net names, whichever known convention the file follows; under their
  /// own names if it follows none. Names that the convention does not cover stay as they are, without the prefix.
  /// - Throws: `CheckpointError.duplicateName` if two names become one.
  public func withCanonicalNames() throws(CheckpointError) -> Checkpoint {
    guard let names = ParameterNames(detectedIn: map(\.name)) else { return self }
    return try renamed { names.canonical($0) }
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
