/// A model's name, taken apart.
///
/// `[cifar-][se-|cbam-|eca-][ed-|twoconv-]FAMILYDEPTH[-VARIANT…]`, where a variant is
/// - `a`, `b`: the paper's light networks (Table VI); `keptN`: N percent of the 3×3 filters of F (Table XVII);
///   `36x3d`: ResNeXt with 36 groups of 3 (section V-A-3);
/// - `noid`: without the identity in the sum (Table VII); `notransform`: without F (Table VIII);
/// - `gN`: N groups in the added path (Table XVIII); `sNpM`: step N and padding M of ED's convolutions (Fig. 5); `k4`: a
///   window of 4 in ED's decoder;
/// - a `NetworkVariant`.
///
/// torchvision's and timm's names are understood, too (`PublicNames`).
struct ModelName {
  private enum PathName: String, CaseIterable {
    case ed, twoconv
  }

  private let isCIFAR: Bool
  private let gate: (any Gate)?
  private let pathName: PathName?
  private var architecture: Architecture
  private var groups: Int?
  private var scaling: (stride: Int, padding: Int)?
  private var decoderKernel = 3
  private var hasIdentity = true
  private var hasTransform = true
  private var variants: [NetworkVariant] = []

  /// Takes a name apart; nil if it makes no sense.
  init?(_ name: String) {
    let name = PublicNames.own(name) ?? name
    var words = name.split(separator: "-", omittingEmptySubsequences: false)[...]
    func take(_ word: String) -> Bool {
      guard words.first == word[...] else { return false }
      words.removeFirst()
      return true
    }
    isCIFAR = take("cifar")
    gate =
      take("se")
      ? SqueezeExcitation() : take("cbam") ? CBAM() : take("eca") ? EfficientChannelAttention() : nil
    pathName = PathName.allCases.first { take($0.rawValue) }
    guard let family = words.popFirst(), let plain = Self.architecture(family, isCIFAR: isCIFAR) else {
      return nil
    }
    architecture = plain
    while let word = words.popFirst() {
      if apply(word) { continue }
      // Some variants are written with signs of their own: "dilated-8", "eps-1e-5".
      let longest = (0...min(2, words.count)).reversed().lazy.compactMap { more -> (NetworkVariant, Int)? in
        let whole = ([word] + words.prefix(more)).joined(separator: "-")
        return NetworkVariant(whole).map { ($0, more) }
      }.first
      guard let (variant, more) = longest, variant != .plain else { return nil }
      variants.append(variant)
      words.removeFirst(more)
    }
  }

  /// The network, with `classes` logits if given; nil if a variant means nothing to it.
  func description(classes: Int?) -> NetworkDescription? {
    var made = plain(classes: classes)
    for variant in variants {
      guard let changed = try? variant.applied(to: made) else { return nil }
      made = changed
    }
    return made
  }

  /// The network without variants that have a type of their own.
  private func plain(classes: Int?) -> NetworkDescription {
    let groups = groups ?? (isCIFAR ? 16 : 32)
    let path: (any AddedPath)? =
      switch pathName {
      case .ed:
        EncoderDecoder(
          groups: groups, stride: scaling?.stride ?? 2, padding: scaling?.padding ?? 1,
          kernel: decoderKernel)
      case .twoconv: TwoConvolution(groups: groups)
      case nil: nil
      }
    return NetworkDescription(
      stem: architecture.stem, transform: hasTransform ? architecture.transform : nil, gate: gate,
      stages: architecture.stages, identity: hasIdentity, path: path,
      classes: classes ?? architecture.classes)
  }

  private static func architecture(_ text: Substring, isCIFAR: Bool) -> Architecture? {
    for family in Architecture.Family.allCases {
      guard let depth = number(text, after: family.rawValue) else { continue }
      guard isCIFAR else { return .imageNet(family, depth: depth) }
      switch family {
      case .resnet: return .cifarResNet(depth: depth)
      case .resnext: return .cifarResNeXt(depth: depth)
      case .res2net, .res2next: return nil
      }
    }
    return nil
  }

  /// Takes a variant in; false if it makes no sense for this network.
  private mutating func apply(_ word: Substring) -> Bool {
    switch word {
    case "a", "36x3d": return replace(architecture.lightened, if: !isCIFAR && (word == "a" || hasCardinality))
    case "b": return replace(architecture.keeping(percent: 50), if: !isCIFAR)
    case "noid" where pathName != nil && hasIdentity: hasIdentity = false
    case "k4" where pathName == .ed && decoderKernel == 3: decoderKernel = 4
    case "notransform" where pathName != nil && gate == nil && hasTransform: hasTransform = false
    default:
      if let percent = Self.number(word, after: "kept") {
        return replace(architecture.keeping(percent: percent), if: true)
      }
      if pathName != nil, groups == nil, let count = Self.number(word, after: "g") {
        groups = count
        return true
      }
      let parts = word.split(separator: "p", omittingEmptySubsequences: false)
      guard pathName == .ed, scaling == nil, parts.count == 2, let stride = Self.number(parts[0], after: "s"),
        let padding = Self.number(parts[1], after: "")
      else { return false }
      scaling = (stride, padding)
    }
    return true
  }

  private var hasCardinality: Bool { (architecture.transform as? BottleneckTransform)?.groups == 32 }

  /// Takes another architecture, once; F loses filters in one way only.
  private mutating func replace(_ other: Architecture?, if allowed: Bool) -> Bool {
    guard allowed, let other, architecture.stages.allSatisfy({ $0.filters == nil }) else { return false }
    architecture = other
    return true
  }

  /// The number behind `prefix`, written with digits alone.
  private static func number(_ text: Substring, after prefix: String) -> Int? {
    guard text.hasPrefix(prefix) else { return nil }
    let digits = text.dropFirst(prefix.count)
    return digits.first?.isNumber == true ? Int(digits) : nil
  }
}
