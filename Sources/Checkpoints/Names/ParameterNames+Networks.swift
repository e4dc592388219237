extension ParameterNames {
  /// Parts of a name that are tried as a prefix.
  private static let deepestPrefix = 8
  /// Bytes of the longest name that is looked at.
  private static let longestName = 400

  /// The prefixes behind which stand the blocks of a residual network from its first stage on, whatever the convention, and how
  /// many of the modules in the first block of each stage are known, which tells enough; most first.
  static func networks(in names: some Collection<String>) -> [(prefix: String, modules: Int)] {
    var order: [String] = []
    var tallies: [String: [Tally]] = [:]
    let modules = Set(names.lazy.filter { $0.utf8.count <= longestName }.map { split($0[...]).module })
    for module in modules where module.contains(".0.") || module.contains("_block_0.") {
      let parts = module.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 3 else { continue }
      for start in 0...min(deepestPrefix, parts.count - 3)
      where !TransparentModules.names.contains(parts[start]) {
        let name = parts[start...].filter { !TransparentModules.names.contains($0) }.joined(separator: ".")
        for (index, convention) in conventions.enumerated() {
          guard let canonical = convention.canonical(module: name),
            let place = BlockPart(published: canonical)
          else { continue }
          let prefix = parts[..<start].map { $0 + "." }.joined()
          if tallies[prefix] == nil {
            tallies[prefix] = conventions.map { _ in Tally() }
            order.append(prefix)
          }
          tallies[prefix]?[index].add(place)
        }
      }
    }
    return order.sorted().compactMap { prefix in
      let modules = tallies[prefix]?.filter(\.isNetwork).map(\.modules).max()
      return modules.map { (prefix, $0) }
    }.sorted { ($1.modules, $0.prefix) < ($0.modules, $1.prefix) }
  }

  /// What is known of a network by its names.
  private struct Tally {
    var modules = 0
    var stages: Set<Int> = []

    mutating func add(_ place: BlockPart) {
      modules += 1
      if stages.count < 64 { stages.insert(place.stage) }
    }

    /// Whether there are several modules, in stages that follow each other from the first on.
    var isNetwork: Bool { modules > 1 && stages.min() == 1 && stages.max() == stages.count }
  }
}
