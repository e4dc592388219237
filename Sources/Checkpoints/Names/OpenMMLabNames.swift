/// The names of mmpretrain and mmdetection, which differ from torchvision's in the gates of SE networks alone.
public struct OpenMMLabNames: TorchvisionDialect {
  /// What people call it.
  public var title: String { "OpenMMLab" }

  private static let gates = Spelling([
    "se_layer.conv1.conv": "se.fc1", "se_layer.conv2.conv": "se.fc2",
  ])

  /// The convention has no state.
  public init() {}

  func plain(module: String) -> String? {
    guard let place = BlockPart(plain: module) else { return module }
    guard Self.gates.own(place.part) == nil else { return nil }
    return place.renamed(Self.gates.plain(place.part) ?? place.part).plainName
  }

  func module(plain: String) -> String? {
    guard let place = BlockPart(plain: plain) else { return plain }
    guard Self.gates.plain(place.part) == nil else { return nil }
    return place.renamed(Self.gates.own(place.part) ?? place.part).plainName
  }
}
