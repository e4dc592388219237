/// The names of the widespread CIFAR-100 collection of weiaicunzai (`models/resnet.py`), whose layers stand in sequences.
public struct CIFAR100Names: TorchvisionDialect {
  /// What people call it.
  public var title: String { "pytorch-cifar100" }

  private static let ends = Spelling(["conv1.0": "conv1", "conv1.1": "bn1", "fc": "fc"])
  private static let parts = Spelling([
    "residual_function.0": "conv1", "residual_function.1": "bn1", "residual_function.3": "conv2",
    "residual_function.4": "bn2", "residual_function.6": "conv3", "residual_function.7": "bn3",
    "shortcut.0": "downsample.0", "shortcut.1": "downsample.1",
  ])

  /// The convention has no state.
  public init() {}

  func plain(module: String) -> String? {
    if let found = Self.ends.plain(module) { return found }
    let pieces = module.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard pieces.count == 3, pieces[0].hasSuffix("_x"),
      let stage = BlockPart.number(pieces[0].dropLast(2), after: "conv"), stage > 1,
      let block = BlockPart.number(pieces[1], after: ""), let part = Self.parts.plain(String(pieces[2]))
    else { return nil }
    return "layer\(stage - 1).\(block).\(part)"
  }

  func module(plain: String) -> String? {
    if let found = Self.ends.own(plain) { return found }
    guard let place = BlockPart(plain: plain), place.stage > 0, let part = Self.parts.own(place.part) else {
      return nil
    }
    return "conv\(place.stage + 1)_x.\(place.block).\(part)"
  }
}
