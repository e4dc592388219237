/// timm's names of pre-activated networks (`timm/models/resnetv2.py`), whose head is a 1×1 convolution.
public struct ResNetV2Names: NamingConvention {
  /// What people call it.
  public var title: String { "timm, ResNet V2" }

  private static let stem: KeyValuePairs = [
    "stem.conv": "conv1", "stem.conv1": "conv1.0", "stem.norm1": "conv1.1", "stem.conv2": "conv1.3",
    "stem.norm2": "conv1.4", "stem.conv3": "conv1.6", "norm": "norm", "head.fc": "fc",
  ]
  private static let numbered: KeyValuePairs = ["conv": "conv_conv", "norm": "bn_bn"]

  /// The convention has no state.
  public init() {}

  /// The canonical name of a module, or nil.
  public func canonical(module: String) -> String? {
    if let found = Self.stem.first(where: { $0.key == module }) { return found.value }
    let pieces = module.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
    guard pieces.count == 5, pieces[0] == "stages", pieces[2] == "blocks",
      let stage = BlockPart.number(pieces[1], after: ""), stage < 1000,
      let block = BlockPart.number(pieces[3], after: "")
    else { return nil }
    return Self.part(
      pieces[4], Self.numbered.map { ($0.key, $0.value) }, ("downsample.conv", "shortcut.shortcut_conv")
    )
    .map { BlockPart(stage: stage + 1, block: block, part: $0).publishedName }
  }

  /// The name here of a module of canonical name, or nil.
  public func module(canonical: String) -> String? {
    if let found = Self.stem.first(where: { $0.value == canonical }) { return found.key }
    guard let place = BlockPart(published: canonical), place.stage > 0 else { return nil }
    return Self.part(
      place.part[...], Self.numbered.map { ($0.value, $0.key) }, ("shortcut.shortcut_conv", "downsample.conv")
    ).map { "stages.\(place.stage - 1).blocks.\(place.block).\($0)" }
  }

  private static func part(
    _ part: Substring, _ numbered: [(String, String)], _ shortcut: (String, String)
  ) -> String? {
    if part == shortcut.0 { return shortcut.1 }
    for (old, new) in numbered {
      if let number = BlockPart.number(part, after: old) { return new + "\(number)" }
    }
    return nil
  }
}
