import EDViz

/// Columns of text under headings.
struct TextTable {
  private var rows: [[String]]
  private let leading: Set<Int>

  /// A table without rows.
  /// - Parameter leading: columns that are set to the left; the others are set to the right.
  init(_ headings: [String], leading: Set<Int> = [0]) {
    rows = [headings]
    self.leading = leading
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  /// In columns of equal width.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return leading.contains(column) ? cell + space : space + cell
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  /// As comma-separated values.
  var csv: String { rows.map { $0.map(CSV.field).joined(separator: ",") }.joined(separator: "\n") }

  /// As a table in Markdown.
  var markdown: String {
    let rule = rows[0].indices.map { leading.contains($0) ? "---" : "---:" }
    return ([rows[0], rule] + rows.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}

extension Double {
  /// With a fixed number of decimals; in powers of ten if it is too large for them, or in words if it is not finite.
  func fixed(_ decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { value, _ in value * 10 }
    guard abs(self) * scale < 1e18 else { return "\(self)" }
    let scaled = Int64((abs(self) * scale).rounded())
    let digits = String(scaled)
    let padded = String(repeating: "0", count: Swift.max(0, decimals + 1 - digits.count)) + digits
    let sign = self < 0 && scaled != 0 ? "-" : ""
    return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }
}
