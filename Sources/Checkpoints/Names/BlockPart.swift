/// A module inside a residual block, apart from how its name is written.
struct BlockPart: Equatable {
  /// Counted from one.
  let stage: Int
  /// Counted from zero within the stage.
  let block: Int
  /// The module within the block.
  let part: String

  init(stage: Int, block: Int, part: String) {
    self.stage = stage
    self.block = block
    self.part = part
  }

  /// Parses `layer2.0.conv1`, as torchvision and most others write.
  init?(plain name: String) {
    let pieces = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard pieces.count == 3, let stage = Self.number(pieces[0], after: "layer"),
      let block = Self.number(pieces[1], after: "")
    else { return nil }
    self.init(stage: stage, block: block, part: String(pieces[2]))
  }

  /// Parses `layer2.layer2_block_0.conv_conv1`.
  init?(published name: String) {
    let pieces = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard pieces.count == 3, let stage = Self.number(pieces[0], after: "layer"),
      let block = Self.number(pieces[1], after: "layer\(stage)_block_")
    else { return nil }
    self.init(stage: stage, block: block, part: String(pieces[2]))
  }

  /// As torchvision writes.
  var plainName: String { "layer\(stage).\(block).\(part)" }
  /// As published.
  var publishedName: String { "layer\(stage).layer\(stage)_block_\(block).\(part)" }

  /// The same place with another name for the part.
  func renamed(_ part: String) -> BlockPart { BlockPart(stage: stage, block: block, part: part) }

  /// The number that follows `prefix` to the end, if it is written as numbers usually are: otherwise translating
  /// the name back would not give the same text.
  static func number(_ text: Substring, after prefix: String) -> Int? {
    guard text.hasPrefix(prefix) else { return nil }
    let digits = text.dropFirst(prefix.count)
    guard let number = Int(digits), number >= 0, String(number) == digits else { return nil }
    return number
  }
}
