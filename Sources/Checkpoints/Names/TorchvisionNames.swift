/// torchvision's names (`torchvision/models/resnet.py`), which timm, Res2Net's and CBAM's own code follow and add to.
public struct TorchvisionNames: NamingConvention {
  /// Whether shortcuts begin with a pooling, which counts as a part without parameters (timm's `avg_down`).
  public let hasPooledShortcuts: Bool

  /// What people call it.
  public var title: String { hasPooledShortcuts ? "timm, pooled shortcuts" : "torchvision" }

  private static let plain = names([
    ("downsample.0", "shortcut.shortcut_conv"), ("downsample.1", "shortcut.shortcut_bn"),
  ])
  private static let pooled = names([
    ("downsample.1", "shortcut.pooled_conv"), ("downsample.2", "shortcut.pooled_bn"),
  ])

  private static func names(_ shortcut: [(String, String)]) -> RenamedParts {
    RenamedParts(
      head: "fc",
      parts: shortcut + [
        ("se.fc1", "fc_reduction"), ("se.fc2", "fc_extention"), ("se.conv", "eca.conv"),
        ("eca.conv", "eca.conv"),
        ("cbam.ChannelGate.mlp.1", "cbam.ChannelGate.mlp.1"),
        ("cbam.ChannelGate.mlp.3", "cbam.ChannelGate.mlp.3"),
        ("cbam.SpatialGate.spatial.conv", "cbam.SpatialGate.spatial.conv"),
        ("cbam.SpatialGate.spatial.bn", "cbam.SpatialGate.spatial.bn"),
      ], numbered: ["convs.": "convs.", "bns.": "bns."])
  }

  private var names: RenamedParts { hasPooledShortcuts ? Self.pooled : Self.plain }

  /// The convention, with pooled shortcuts if said so.
  public init(pooledShortcuts: Bool = false) { hasPooledShortcuts = pooledShortcuts }

  /// The canonical name of a module, or nil.
  public func canonical(module: String) -> String? { names.canonical(module: module) }
  /// The name here of a module of canonical name, or nil.
  public func module(canonical: String) -> String? { names.module(canonical: canonical) }
}
