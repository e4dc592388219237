import Checkpoints

extension Checkpoint {
  /// The same entries under the names of torchvision and timm, whose gates and splits CBAM's and Res2Net's own code
  /// name alike.
  /// - Throws: `ModelError.nameless` if one has none, such as an encoder.
  public func withTorchvisionNames() throws -> Checkpoint {
    let canonical = try withCanonicalNames()
    let isPooled = canonical.contains { $0.name.contains(".shortcut.pooled_conv.") }
    let names = ParameterNames(
      canonical["norm.weight"] == nil ? TorchvisionNames(pooledShortcuts: isPooled) : ResNetV2Names())
    let (renamed, nameless) = try canonical.renamed(after: names)
    guard let renamed else { throw ModelError.nameless(path: path, tensor: nameless ?? "") }
    return renamed
  }
}
