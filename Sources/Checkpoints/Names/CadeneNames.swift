/// The names of Remi Cadene's `pretrainedmodels/models/senet.py`, which timm's legacy SE networks keep.
public struct CadeneNames: TorchvisionDialect {
  /// What people call it.
  public var title: String { "Cadene's SENet" }

  private static let ends = Spelling(["layer0.conv1": "conv1", "layer0.bn1": "bn1", "last_linear": "fc"])
  private static let gates = Spelling(["se_module.fc1": "se.fc1", "se_module.fc2": "se.fc2"])

  /// The convention has no state.
  public init() {}

  func plain(module: String) -> String? {
    if let found = Self.ends.plain(module) { return found }
    guard let place = BlockPart(plain: module), place.stage > 0, Self.gates.own(place.part) == nil else {
      return nil
    }
    return place.renamed(Self.gates.plain(place.part) ?? place.part).plainName
  }

  func module(plain: String) -> String? {
    if let found = Self.ends.own(plain) { return found }
    guard let place = BlockPart(plain: plain), place.stage > 0, Self.gates.plain(place.part) == nil else {
      return nil
    }
    return place.renamed(Self.gates.own(place.part) ?? place.part).plainName
  }
}
