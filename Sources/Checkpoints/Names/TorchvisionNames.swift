/// torchvision's names (`torchvision/models/resnet.py`), which timm, Res2Net's and CBAM's own code follow and add to.
public struct TorchvisionNames: NamingConvention {
  /// What people call it.
  public var title: String { "torchvision" }

  private static let names = RenamedParts(
    head: "fc",
    parts: [
      "downsample.0": "shortcut.shortcut_conv", "downsample.1": "shortcut.shortcut_bn",
      "se.fc1": "fc_reduction", "se.fc2": "fc_extention",
      "cbam.ChannelGate.mlp.1": "cbam.ChannelGate.mlp.1", "cbam.ChannelGate.mlp.3": "cbam.ChannelGate.mlp.3",
      "cbam.SpatialGate.spatial.conv": "cbam.SpatialGate.spatial.conv",
      "cbam.SpatialGate.spatial.bn": "cbam.SpatialGate.spatial.bn",
    ], numbered: ["convs.": "convs.", "bns.": "bns."])

  /// The convention has no state.
  public init() {}

  /// The canonical name of a module, or nil.
  public func canonical(module: String) -> String? { Self.names.canonical(module: module) }
  /// The name here of a module of canonical name, or nil.
  public func module(canonical: String) -> String? { Self.names.module(canonical: canonical) }
}
