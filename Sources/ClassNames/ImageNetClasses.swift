/// The thousand classes of ILSVRC2012, in the order of the logits of torchvision's and timm's networks, which is that of
/// their synsets.
public enum ImageNetClasses {
  /// What they are called, as torchvision has it; no two are equal.
  public static let names = entries.map(\.name)
  /// Their synsets in WordNet, such as `n01440764`.
  public static let synsets = entries.map(\.synset)

  /// The name of a synset; nil if it is none of the thousand.
  public static func name(ofSynset synset: some StringProtocol) -> String? { bySynset[String(synset)] }

  /// The synset of a name; nil if it is none of the thousand.
  public static func synset(ofName name: some StringProtocol) -> String? { byName[String(name)] }

  private static let byName = Dictionary(uniqueKeysWithValues: zip(names, synsets))
  private static let bySynset = Dictionary(uniqueKeysWithValues: zip(synsets, names))

  private static let entries: [(synset: String, name: String)] = table.split(separator: "\n").map { line in
    let parts = line.split(separator: " ", maxSplits: 1)
    return ("n" + parts[0], String(parts[1]))
  }
}
