import Files

extension CheckpointError {
  /// What is wrong with a zip archive, as an error about a checkpoint.
  init(_ error: ZipError, path: String) {
    switch error {
    case .truncated(let part): self = .truncated(path: path, part: part)
    case .malformed(let part, let reason): self = .malformed(path: path, part: part, reason: reason)
    case .duplicateName(let name): self = .duplicateName(path: path, name: name)
    case .encrypted(let entry): self = .encrypted(path: path, entry: entry)
    case .packed(let entry): self = .compressed(path: path, entry: entry)
    }
  }
}
