/// torchvision's and timm's names of networks, such as `wide_resnet50_2`, `resnext101_32x8d`, `seresnet50`, `ecaresnet50d`
/// and `resnetblur50`.
enum PublicNames {
  private static let prefixes: KeyValuePairs = ["": "", "se": "se-", "eca": "eca-", "wide_": ""]
  private static let families: KeyValuePairs = [
    "resnetv2_": ("resnet", "v2"), "resnetblur": ("resnet", "blur"), "resnetaa": ("resnet", "average"),
    "resnextaa": ("resnext", "average"),
    "resnet": ("resnet", ""), "resnext": ("resnext", ""),
  ]

  /// The name here; nil for what is no such name.
  static func own(_ name: String) -> String? {
    guard !name.contains("-") else { return nil }
    for (prefix, gate) in prefixes where name.hasPrefix(prefix) {
      let rest = name.dropFirst(prefix.count)
      for (family, (own, variant)) in families where rest.hasPrefix(family) {
        let parts = rest.dropFirst(family.count).split(separator: "_", omittingEmptySubsequences: false)
        let isWide = prefix == "wide_"
        guard (1...2).contains(parts.count), let first = parts.first, !isWide || parts.count == 2 else {
          return nil
        }
        let depth = first.prefix(while: \.isNumber)
        let stem = first.dropFirst(depth.count)
        guard !depth.isEmpty,
          stem.isEmpty || NetworkVariant.Stem(rawValue: String(stem)) != nil || stem == "b"
        else { return nil }
        var words = [gate + own + depth]
        if !stem.isEmpty, stem != "b" { words.append(String(stem)) }
        if parts.count == 2 { words.append(isWide ? "wide-" + parts[1] : String(parts[1])) }
        if !variant.isEmpty { words.append(variant) }
        // 32×4d is what ResNeXts are here if nothing is said.
        return words.filter { $0 != "32x4d" }.joined(separator: "-")
      }
    }
    return nil
  }
}
