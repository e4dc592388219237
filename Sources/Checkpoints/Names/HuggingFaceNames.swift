/// The names of Hugging Face's `transformers` (`models/resnet/modeling_resnet.py`), behind `resnet.` where there is a head.
public struct HuggingFaceNames: TorchvisionDialect {
  /// What people call it.
  public var title: String { "Hugging Face" }

  private static let ends = Spelling([
    "embedder.embedder.convolution": "conv1", "embedder.embedder.normalization": "bn1", "classifier.1": "fc",
  ])
  private static let shortcuts = Spelling([
    "shortcut.convolution": "downsample.0", "shortcut.normalization": "downsample.1",
  ])

  /// The convention has no state.
  public init() {}

  func plain(module: String) -> String? {
    if let found = Self.ends.plain(module) { return found }
    let parts = module.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 7, parts[0] == "encoder", parts[1] == "stages", parts[3] == "layers",
      let stage = BlockPart.number(parts[2], after: ""), let block = BlockPart.number(parts[4], after: "")
    else { return nil }
    let place = "layer\(stage + 1).\(block)."
    if let shortcut = Self.shortcuts.plain(parts[5...].joined(separator: ".")) { return place + shortcut }
    guard parts.count == 8, parts[5] == "layer", let layer = BlockPart.number(parts[6], after: "") else {
      return nil
    }
    switch parts[7] {
    case "convolution": return place + "conv\(layer + 1)"
    case "normalization": return place + "bn\(layer + 1)"
    default: return nil
    }
  }

  func module(plain: String) -> String? {
    if let found = Self.ends.own(plain) { return found }
    guard let place = BlockPart(plain: plain), place.stage > 0 else { return nil }
    let start = "encoder.stages.\(place.stage - 1).layers.\(place.block)."
    if let shortcut = Self.shortcuts.own(place.part) { return start + shortcut }
    for (part, kind) in [("conv", "convolution"), ("bn", "normalization")] {
      if let number = BlockPart.number(place.part[...], after: part), number > 0 {
        return start + "layer.\(number - 1).\(kind)"
      }
    }
    return nil
  }
}
