/// A description that cannot be built; names the field.
public struct DescriptionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence.
  public let description: String
}

extension NetworkDescription {
  /// No part of a network that runs here is larger than this; it keeps a hostile description from asking for the
  /// whole memory.
  private static let largest = 65_536
  private static let mostWeights = 1 << 31

  /// Checks that every number is positive and within reason, and that groups divide channels.
  public func validate() throws(DescriptionError) {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(DescriptionError) {
      guard range.contains(value) else {
        throw DescriptionError(
          description: "\(name) is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
      }
    }
    try check("stem.kernel", stem.kernel, 1...31)
    guard stem.kernel % 2 == 1 else {
      throw DescriptionError(description: "stem.kernel is \(stem.kernel), but must be odd")
    }
    try check("stem.stride", stem.stride, 1...16)
    try check("stem.filters", stem.filters, 1...Self.largest)
    try check("classes", classes, 1...1_000_000)
    try check("the number of stages", stages.count, 1...16)
    if case .bottleneck(let expansion) = transform { try check("transform.expansion", expansion, 1...64) }
    var channels = stem.filters
    for (index, stage) in stages.enumerated() {
      let name = "stages[\(index)]"
      try check(name + ".blocks", stage.blocks, 1...1024)
      try check(name + ".width", stage.width, 1...Self.largest)
      try check(name + ".stride", stage.stride, 1...16)
      let outputs = outputs(ofWidth: stage.width)
      if shortcut == .subsample, outputs < channels {
        throw DescriptionError(
          description: "\(name).width makes \(outputs) channels, fewer than the \(channels) before it, "
            + "which a subsampling shortcut cannot do")
      }
      if let groups = path?.groups {
        try check("path.groups", groups, 1...Self.largest)
        for (what, count) in [("encoder filters", stage.width), ("decoder filters", outputs)]
        where count % groups != 0 {
          throw DescriptionError(
            description: "path.groups is \(groups), which does not divide the \(count) \(what) of \(name)")
        }
      }
      channels = outputs
    }
    try check("the number of blocks", blockCount, 1...4096)
    try check("the number of weights", weightCount, 1...Self.mostWeights)
  }

  /// Weights of all convolutions, nearly; small enough not to overflow, since each part of a network is.
  private var weightCount: Int {
    var channels = stem.filters
    return stages.reduce(0) { total, stage in
      let outputs = outputs(ofWidth: stage.width)
      let convolutions = 9 * stage.width * stage.width + 2 * stage.width * max(channels, outputs)
      defer { channels = outputs }
      return total + stage.blocks * convolutions
    }
  }
}
