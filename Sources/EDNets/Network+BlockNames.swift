/// A block name that a network does not have.
public struct UnknownBlock: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked for.
  public let name: String
  /// The nearest names there are.
  public let nearest: [String]

  /// One sentence.
  public var description: String {
    "no block is called '\(name)'; the nearest are \(nearest.joined(separator: ", "))"
  }
}

extension Network {
  /// The block that `name` means: `last`, torchvision's `layer4.2`, the paper's `conv5_3`, or an index from 0,
  /// counted from the end if negative.
  public func block(named name: String) throws(UnknownBlock) -> Block {
    if name == "last" { return blocks[blocks.count - 1] }
    if let index = Int(name) {
      let place = index < 0 ? blocks.count + index : index
      if blocks.indices.contains(place) { return blocks[place] }
    }
    if let found = blocks.first(where: { $0.name == name || $0.paperName == name }) { return found }
    let all = ["last"] + blocks.map(\.name) + blocks.map(\.paperName)
    throw UnknownBlock(name: name, nearest: nearestNames(to: name, among: all, count: 4))
  }
}
