/// A description that cannot be built; names the field.
public struct DescriptionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence.
  public let description: String

  /// Throws unless a number is within a range.
  static func check(_ field: String, _ value: Int, _ range: ClosedRange<Int>) throws(DescriptionError) {
    guard range.contains(value) else {
      throw DescriptionError(
        description: "\(field) is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// Throws unless groups divide all of these counts.
  static func check(
    groups: Int, divide counts: KeyValuePairs<String, Int>, in block: BlockShape, field: String
  ) throws(DescriptionError) {
    try check(field + ".groups", groups, 1...NetworkDescription.largest)
    for (what, count) in counts where count % groups != 0 {
      throw DescriptionError(
        description:
          "\(field).groups is \(groups), which does not divide the \(count) \(what) of \(block.field)")
    }
  }
}

extension NetworkDescription {
  /// No part of a network that runs here is larger than this; it keeps a hostile description from asking for the
  /// whole memory.
  static let largest = 65_536
  /// Nor is any network.
  static let mostWeights = 1 << 31

  /// Checks that every number is positive and within reason, and that groups divide channels.
  public func validate() throws(DescriptionError) {
    try checkStem()
    try checkParts()
    try DescriptionError.check("classes", classes, 0...1_000_000)
    try DescriptionError.check("the number of stages", stages.count, 1...16)
    var channels = stem.filters
    var step = stem.maxPool ? stem.stride * 2 : stem.stride
    for (index, stage) in stages.enumerated() {
      let name = "stages[\(index)]"
      try DescriptionError.check(name + ".blocks", stage.blocks, 1...1024)
      try DescriptionError.check(name + ".width", stage.width, 1...Self.largest)
      try DescriptionError.check(name + ".outputs", stage.outputs ?? 1, 1...Self.largest)
      try DescriptionError.check(name + ".filters", stage.filters ?? 1, 1...Self.largest)
      try DescriptionError.check(name + ".stride", stage.stride, 1...16)
      try DescriptionError.check(name + ".dilation", stage.dilation, 1...64)
      step *= stage.stride
      try DescriptionError.check("the product of all strides up to \(name)", step, 1...Self.largest)
      let block = block(stage: index + 1, position: 0)
      if shortcut == .subsample, block.outputs < channels {
        throw DescriptionError(
          description: "\(name) makes \(block.outputs) channels, fewer than the \(channels) before it, "
            + "which a subsampling shortcut cannot do")
      }
      try transform?.validate(in: block, field: "transform")
      try gate?.validate(in: block, field: "gate")
      try path(inStage: index + 1)?.validate(in: block, field: "path")
      if !stage.path { try checkWithoutPath(name) }
      channels = block.outputs
    }
    try DescriptionError.check("the number of blocks", blockCount, 1...4096)
  }

  /// A stage that refuses the path must have something else.
  private func checkWithoutPath(_ stage: String) throws(DescriptionError) {
    let reason =
      path == nil
      ? "the network has none"
      : transform == nil ? "there is no transform" : identity ? nil : "nothing takes the identity's place"
    if let reason { throw DescriptionError(description: "\(stage).path is false, but \(reason)") }
  }

  private func checkStem() throws(DescriptionError) {
    try DescriptionError.check("stem.kernel", stem.kernel, 1...31)
    guard stem.kernel % 2 == 1 else {
      throw DescriptionError(description: "stem.kernel is \(stem.kernel), but must be odd")
    }
    try DescriptionError.check("stem.stride", stem.stride, 1...16)
    try DescriptionError.check("stem.filters", stem.filters, 1...Self.largest)
    try DescriptionError.check("stem.channels", stem.channels, 1...4096)
    try DescriptionError.check("the number of filters in stem.deep", stem.deep.count, 0...8)
    for (index, filters) in stem.deep.enumerated() {
      try DescriptionError.check("stem.deep[\(index)]", filters, 1...Self.largest)
    }
  }

  private func checkPreactivation() throws(DescriptionError) {
    let reason: String? =
      !(transform is BasicTransform || transform is BottleneckTransform)
      ? "a transform that is basic or bottleneck"
      : gate != nil
        ? "no gate"
        : path != nil
          ? "no path"
          : antialias != nil ? "no antialias" : shortcut == .subsample ? "shortcuts that project" : nil
    if let reason { throw DescriptionError(description: "preactivation needs \(reason)") }
  }

  private func checkParts() throws(DescriptionError) {
    guard epsilon >= 0, epsilon <= 1 else {
      throw DescriptionError(description: "epsilon is \(epsilon), but must be from 0 to 1")
    }
    if case .leaky(let slope) = activation, !(slope >= -1 && slope <= 1) {
      throw DescriptionError(description: "activation has the slope \(slope), but must have one from -1 to 1")
    }
    if preactivation { try checkPreactivation() }
    if antialias != nil, transform is Res2NetTransform {
      throw DescriptionError(description: "antialias means nothing to the splits of res2net")
    }
    if antialias != nil, (transform as? BottleneckTransform)?.stridesFirst == true {
      throw DescriptionError(
        description: "antialias stands behind the 3×3 convolution, but transform.stridesFirst says otherwise")
    }
    if transform == nil, gate != nil {
      throw DescriptionError(description: "gate has nothing to gate: there is no transform")
    }
    if transform == nil, path == nil {
      throw DescriptionError(
        description: "there is neither transform nor path, one of which must learn something")
    }
    if !identity, path == nil {
      throw DescriptionError(description: "identity is false, but there is no path to take its place")
    }
  }
}
