/// A model name that nobody knows.
public struct UnknownModel: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked for.
  public let name: String
  /// The nearest names there are.
  public let nearest: [String]

  /// One sentence.
  public var description: String {
    "no model is called '\(name)'; the nearest are \(nearest.joined(separator: ", "))"
  }
}

/// The networks that have a name, the short form of a description.
///
/// A name reads `[cifar-][ed-|twoconv-]resnetDEPTH[-option-a][-gGROUPS]`: `ed` adds the paper's encoder-decoder to each
/// block, `twoconv` its two-convolution baseline; groups are those of that path, 32 for ImageNet networks and 16 for CIFAR
/// ones unless named; `option-a` are parameter-free shortcuts.
public enum ModelRegistry {
  /// Every registered name; other numbers of groups are understood too.
  public static let names: [String] =
    imageNetDepths.flatMap { ["resnet\($0)", "ed-resnet\($0)", "ed-resnet\($0)-g1", "twoconv-resnet\($0)"] }
    + cifarDepths.flatMap { depth in
      ["", "-option-a"].flatMap { option in
        [
          "cifar-resnet\(depth)\(option)", "cifar-ed-resnet\(depth)\(option)",
          "cifar-ed-resnet\(depth)\(option)-g1", "cifar-twoconv-resnet\(depth)\(option)",
        ]
      }
    }

  private static let imageNetDepths = [18, 26, 34, 50, 101, 152]
  private static let cifarDepths = [20, 32, 44, 56, 110]

  /// The network that `name` stands for, with `classes` logits instead of 1000 (ImageNet) or 10 (CIFAR) if given.
  public static func description(
    named name: String, classes: Int? = nil
  ) throws(UnknownModel) -> NetworkDescription {
    guard let found = parse(name, classes: classes) else {
      throw UnknownModel(name: name, nearest: nearestNames(to: name, among: names, count: 4))
    }
    return found
  }

  private static func parse(_ name: String, classes: Int?) -> NetworkDescription? {
    var words = name.split(separator: "-", omittingEmptySubsequences: false)[...]
    let isCIFAR = words.first == "cifar"
    if isCIFAR { words.removeFirst() }
    let pathName = ["ed", "twoconv"].first { words.first == $0[...] }
    if pathName != nil { words.removeFirst() }
    guard let family = words.popFirst(), family.hasPrefix("resnet"), let depth = number(family.dropFirst(6))
    else {
      return nil
    }
    var shortcut = NetworkDescription.Shortcut.projection
    if isCIFAR, words.prefix(2) == ["option", "a"] {
      words.removeFirst(2)
      shortcut = .subsample
    }
    var groups = isCIFAR ? 16 : 32
    if pathName != nil, let word = words.first, word.hasPrefix("g"), let count = number(word.dropFirst()) {
      words.removeFirst()
      groups = count
    }
    guard words.isEmpty else { return nil }
    let path: NetworkDescription.Path? =
      switch pathName {
      case "ed": .encoderDecoder(groups: groups)
      case "twoconv": .twoConvolution(groups: groups)
      default: nil
      }
    let made =
      isCIFAR
      ? cifar(depth: depth, shortcut: shortcut, path: path, classes: classes ?? 10)
      : imageNet(depth: depth, path: path, classes: classes ?? 1000)
    guard let made, (try? made.validate()) != nil else { return nil }
    return made
  }

  /// A number written with digits alone.
  private static func number(_ text: Substring) -> Int? { text.first == "+" ? nil : Int(text) }

  /// ResNet-18 to -152 as in "Deep residual learning for image recognition", Table 1; -26 is 50 with two blocks a
  /// stage.
  private static func imageNet(
    depth: Int, path: NetworkDescription.Path?, classes: Int
  ) -> NetworkDescription? {
    let blocks: [Int]
    switch depth {
    case 18: blocks = [2, 2, 2, 2]
    case 26: blocks = [2, 2, 2, 2]
    case 34: blocks = [3, 4, 6, 3]
    case 50: blocks = [3, 4, 6, 3]
    case 101: blocks = [3, 4, 23, 3]
    case 152: blocks = [3, 8, 36, 3]
    default: return nil
    }
    let stages = zip(blocks, [64, 128, 256, 512]).enumerated().map { index, stage in
      NetworkDescription.Stage(blocks: stage.0, width: stage.1, stride: index == 0 ? 1 : 2)
    }
    return NetworkDescription(
      stem: NetworkDescription.Stem(kernel: 7, stride: 2, filters: 64, maxPool: true),
      transform: depth == 18 || depth == 34 ? .basic : .bottleneck(expansion: 4), stages: stages, path: path,
      classes: classes)
  }

  /// Depth 6n + 2, as in "Deep residual learning for image recognition", section 4.2.
  private static func cifar(
    depth: Int, shortcut: NetworkDescription.Shortcut, path: NetworkDescription.Path?, classes: Int
  ) -> NetworkDescription? {
    guard depth >= 8, depth <= 1202, (depth - 2) % 6 == 0 else { return nil }
    let blocks = (depth - 2) / 6
    let stages = [16, 32, 64].map {
      NetworkDescription.Stage(blocks: blocks, width: $0, stride: $0 == 16 ? 1 : 2)
    }
    return NetworkDescription(
      stem: NetworkDescription.Stem(kernel: 3, stride: 1, filters: 16, maxPool: false), transform: .basic,
      stages: stages, shortcut: shortcut, path: path, classes: classes)
  }
}
