import Checkpoints

extension Checkpoint {
  /// The same entries under torchvision's names.
  /// - Throws: `ModelError.nameless` if one has none, such as an encoder.
  public func withTorchvisionNames() throws -> Checkpoint {
    let canonical = try withCanonicalNames()
    let names = ParameterNames(TorchvisionNames())
    if let odd = canonical.first(where: { names.original($0.name) == nil }) {
      throw ModelError.nameless(path: path, tensor: odd.name)
    }
    return try canonical.renamed { names.original($0) ?? $0 }
  }
}
