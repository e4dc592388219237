/// The names nearest to a mistaken one by edit distance, nearest first. Of equals, those that begin alike for longer
/// go first, then those that stand first.
public func nearestNames(to name: String, among names: some Sequence<String>, count: Int) -> [String] {
  let asked = Array(name.lowercased().utf8.prefix(256))
  let ranked = names.enumerated().map { offset, candidate in
    let letters = Array(candidate.lowercased().utf8)
    let common = zip(asked, letters).prefix { $0 == $1 }.count
    return (candidate, rank: (editDistance(asked, letters), -common, offset))
  }
  return ranked.sorted { $0.rank < $1.rank }.prefix(count).map(\.0)
}

/// Levenshtein's distance.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let substituted = diagonal + (x == y ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, min(diagonal, row[j]) + 1)
    }
  }
  return row[b.count]
}
