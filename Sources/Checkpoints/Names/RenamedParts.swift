/// Translates module names that differ from the published ones in the parts of blocks and in the head only.
struct RenamedParts {
  /// The module of the classifier.
  let head: String
  /// Parts of a block by this convention's name.
  let parts: KeyValuePairs<String, String>
  /// What stands before the number of numbered parts, by this convention's name; convolutions and normalisations, which
  /// all conventions number alike, aside.
  var numbered: KeyValuePairs<String, String> = [:]

  private static let numbered: KeyValuePairs = ["conv": "conv_conv", "bn": "bn_bn"]

  func canonical(module: String) -> String? {
    if module == head { return "fc" }
    if module == "conv1" || module == "bn1" { return module }
    guard let place = BlockPart(plain: module) else { return nil }
    return translated(place.part) { $0 }.map { place.renamed($0).publishedName }
  }

  func module(canonical: String) -> String? {
    if canonical == "fc" { return head }
    if canonical == "conv1" || canonical == "bn1" { return canonical }
    guard let place = BlockPart(published: canonical) else { return nil }
    return translated(place.part) { ($0.value, $0.key) }.map { place.renamed($0).plainName }
  }

  /// A part's other name; `direction` says which of a pair is the old and which the new one.
  private func translated(
    _ part: String, _ direction: ((key: String, value: String)) -> (String, String)
  ) -> String? {
    if let found = parts.lazy.map(direction).first(where: { $0.0 == part }) { return found.1 }
    for (old, new) in (Array(Self.numbered) + Array(numbered)).map(direction) {
      if let number = BlockPart.number(part[...], after: old) { return "\(new)\(number)" }
    }
    return nil
  }
}
