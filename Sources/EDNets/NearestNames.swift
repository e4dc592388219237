/// The names nearest to a mistaken one by edit distance, nearest first; ties keep their order.
public func nearestNames(to name: String, among names: some Sequence<String>, count: Int) -> [String] {
  let asked = Array(name.lowercased().utf8.prefix(256))
  return names.map { ($0, editDistance(asked, Array($0.lowercased().utf8))) }
    .enumerated()
    .sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
    .prefix(count)
    .map(\.element.0)
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
