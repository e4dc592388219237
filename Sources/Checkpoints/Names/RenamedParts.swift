/// Translates module names that differ from the published ones in the parts of blocks and in the head only.
struct RenamedParts {
  /// The module of the classifier.
  let head: String
  /// Parts of a block by this convention's name.
  let parts: [(here: String, canonical: String)]
  /// What stands before the number of numbered parts, by this convention's name; convolutions and normalisations, which
  /// all conventions number alike, aside.
  var numbered: KeyValuePairs<String, String> = [:]

  private static let numbered: KeyValuePairs = ["conv": "conv_conv", "bn": "bn_bn"]

  /// `conv1`, `bn1`, and the parts of a deep stem, `conv1.0` and so on, which all conventions name alike.
  static func isStem(_ module: String) -> Bool {
    module == "conv1" || module == "bn1" || BlockPart.number(module[...], after: "conv1.") != nil
  }

  func canonical(module: String) -> String? {
    if module == head { return "fc" }
    if Self.isStem(module) { return module }
    guard let place = BlockPart(plain: module) else { return nil }
    return translated(place.part) { ($0.0, $0.1) }.map { place.renamed($0).publishedName }
  }

  func module(canonical: String) -> String? {
    if canonical == "fc" { return head }
    if Self.isStem(canonical) { return canonical }
    guard let place = BlockPart(published: canonical) else { return nil }
    return translated(place.part) { ($0.1, $0.0) }.map { place.renamed($0).plainName }
  }

  /// A part's other name; `direction` says which of a pair is the old and which the new one.
  private func translated(
    _ part: String, _ direction: ((String, String)) -> (String, String)
  ) -> String? {
    if let found = parts.map({ direction(($0.here, $0.canonical)) }).first(where: { $0.0 == part }) {
      return found.1
    }
    for (old, new) in (Array(Self.numbered) + Array(numbered)).map({ direction(($0.key, $0.value)) }) {
      if let number = BlockPart.number(part[...], after: old) { return "\(new)\(number)" }
    }
    return nil
  }
}
