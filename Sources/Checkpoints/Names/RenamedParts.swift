/// Translates module names that differ from the published ones in the parts of blocks and in the head only.
struct RenamedParts {
  /// The module of the classifier.
  let head: String
  /// Parts of a block by this convention's name, numbered convolutions and normalisations aside.
  let parts: KeyValuePairs<String, String>

  func canonical(module: String) -> String? {
    if module == head { return "fc" }
    if module == "conv1" || module == "bn1" { return module }
    guard let place = BlockPart(plain: module) else { return nil }
    let numbered = ["conv", "bn"].first { BlockPart.number(place.part[...], after: $0) != nil }
    let part = numbered.map { "\($0)_\(place.part)" } ?? parts.first { $0.key == place.part }?.value
    return part.map { place.renamed($0).publishedName }
  }

  func module(canonical: String) -> String? {
    if canonical == "fc" { return head }
    if canonical == "conv1" || canonical == "bn1" { return canonical }
    guard let place = BlockPart(published: canonical) else { return nil }
    let numbered = ["conv", "bn"].first { BlockPart.number(place.part[...], after: "\($0)_\($0)") != nil }
    let part =
      numbered.map { String(place.part.dropFirst($0.count + 1)) }
      ?? parts.first { $0.value == place.part }?.key
    return part.map { place.renamed($0).plainName }
  }
}
