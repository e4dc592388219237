/// The names of Detectron2 (`detectron2/modeling/backbone/resnet.py`), in which a normalisation is part of its convolution;
/// its weights for ImageNet have their head at the stem.
public struct Detectron2Names: TorchvisionDialect {
  /// What people call it.
  public var title: String { "Detectron2" }

  private static let ends = Spelling(["stem.conv1": "conv1", "stem.conv1.norm": "bn1", "stem.fc": "fc"])
  private static let shortcuts = Spelling(["shortcut": "downsample.0", "shortcut.norm": "downsample.1"])

  /// The convention has no state.
  public init() {}

  func plain(module: String) -> String? {
    if let found = Self.ends.plain(module) { return found }
    let parts = module.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let stage = BlockPart.number(parts[0], after: "res"), stage > 1,
      let block = BlockPart.number(parts[1], after: "")
    else { return nil }
    let place = "layer\(stage - 1).\(block)."
    if let shortcut = Self.shortcuts.plain(String(parts[2])) { return place + shortcut }
    if let number = BlockPart.number(parts[2], after: "conv") { return place + "conv\(number)" }
    guard parts[2].hasSuffix(".norm"), let number = BlockPart.number(parts[2].dropLast(5), after: "conv")
    else {
      return nil
    }
    return place + "bn\(number)"
  }

  func module(plain: String) -> String? {
    if let found = Self.ends.own(plain) { return found }
    guard let place = BlockPart(plain: plain), place.stage > 0 else { return nil }
    let start = "res\(place.stage + 1).\(place.block)."
    if let shortcut = Self.shortcuts.own(place.part) { return start + shortcut }
    if let number = BlockPart.number(place.part[...], after: "conv") { return start + "conv\(number)" }
    return BlockPart.number(place.part[...], after: "bn").map { start + "conv\($0).norm" }
  }
}
