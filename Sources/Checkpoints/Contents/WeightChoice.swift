/// Which of the networks in a weight file is meant, where several fit.
public struct WeightChoice: Hashable, Sendable {
  /// The keys of the dictionary that holds it, with dots between; nil for any.
  public var key: String?
  /// What stands before the names of its tensors, such as `module.`; nil for whatever is found.
  public var prefix: String?

  /// A choice; without anything said, the only network in the file.
  public init(key: String? = nil, prefix: String? = nil) {
    self.key = key
    // The dot that ends a prefix may be left out.
    self.prefix = prefix.map { $0.isEmpty || $0.hasSuffix(".") ? $0 : $0 + "." }
  }
}

/// Where in a weight file a network was found.
public struct NetworkPlace: Hashable, Sendable {
  /// The keys of the dictionary, with dots between; empty for the outermost.
  public let key: String
  /// What stands before the names of its tensors; empty if nothing does.
  public let prefix: String

  /// What an option would say to choose it among others.
  func options(among places: [NetworkPlace]) -> String {
    var words: [String] = []
    let isAlone = places.count { $0.key == key } == 1
    if !key.isEmpty, places.contains(where: { $0.key != key }) { words.append("--key \(key)") }
    if !isAlone || key.isEmpty { words.append("--prefix \(prefix.isEmpty ? "''" : prefix)") }
    return words.joined(separator: " ")
  }
}
