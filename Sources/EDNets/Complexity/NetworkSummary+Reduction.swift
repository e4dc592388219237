import Tensors

extension NetworkSummary {
  /// For each stage from the image up, the side of its paths' code over the side of the map that they read: what Fig. 5
  /// calls the reduction ratio, 0.5 for the paper's step of 2 and padding of 1. Of maps that are not square the root of
  /// the areas' ratio. Empty if there are no paths.
  public var reductionRatios: [Double] {
    var stages: [Substring] = []
    return blocks.compactMap { block in
      let stage = block.name.prefix { $0 != "." }
      guard let code = block.encoderSize, !stages.contains(stage) else { return nil }
      stages.append(stage)
      return (Double(code.height * code.width) / Double(block.size.height * block.size.width)).squareRoot()
    }
  }
}
