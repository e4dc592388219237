/// The numbers that `torch.nn.Sequential(*network.children())` gives the parts of a network: convolution, normalisation, perhaps
/// ReLU and pooling, then the stages.
public struct SequentialNames: TorchvisionDialect {
  /// What people call it.
  public var title: String { "nn.Sequential" }

  /// The number of the first stage: 4 behind ReLU and pooling, 3 behind ReLU, 2 if both are functions.
  public let firstStage: Int

  private static let stem = Spelling(["0": "conv1", "1": "bn1"])

  /// Names in which the first stage has this number.
  public init(firstStage: Int) { self.firstStage = firstStage }

  func plain(module: String) -> String? {
    if let found = Self.stem.plain(module) { return found }
    let pieces = module.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard pieces.count == 2, let number = BlockPart.number(pieces[0], after: ""), number >= firstStage else {
      return nil
    }
    let name = "layer\(number - firstStage + 1).\(pieces[1])"
    return BlockPart(plain: name) == nil ? nil : name
  }

  func module(plain: String) -> String? {
    if let found = Self.stem.own(plain) { return found }
    guard let place = BlockPart(plain: plain), place.stage > 0 else { return nil }
    return "\(place.stage - 1 + firstStage).\(place.block).\(place.part)"
  }
}
