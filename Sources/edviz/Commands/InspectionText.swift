import EDViz

/// An inspection for a person: facts, a table of tensors, and at the end what to do.
struct InspectionText {
  private let found: WeightInspection

  /// Rows of a table; JSON has all.
  private static let mostRows = 2000
  /// Differences of each kind that are listed.
  private static let mostDifferences = 5

  init(_ found: WeightInspection) { self.found = found }

  var text: String {
    guard let format = found.format else {
      return "\(found.file)\n" + fact("kind", "is no weight file, but \(found.kind ?? "unknown")")
    }
    var lines = [found.file, fact("format", format + size)]
    for (key, value) in found.metadata.sorted(by: { $0.key < $1.key }).prefix(20) {
      lines.append(fact("metadata", "\(key): \(short(value))"))
    }
    for group in found.dictionaries.prefix(40) {
      lines.append(fact("tensors", "\(group.tensors) \(place(group.key))"))
    }
    if found.dictionaries.count > 40 {
      lines.append(fact("", "and \(found.dictionaries.count - 40) dictionaries more"))
    }
    for item in found.company.prefix(40) { lines.append(fact("beside", "\(item.key): \(short(item.kind))")) }
    if found.company.count > 40 { lines.append(fact("", "and \(found.company.count - 40) things more")) }
    lines += found.tensors.isEmpty ? [] : ["", table, ""]
    return (lines + conclusion).joined(separator: "\n")
  }

  private var size: String { found.bytes.map { ", \(Quantity.mebibytes($0))" } ?? "" }

  /// The tensors of the first dictionary, which is the network's if there is one.
  private var table: String {
    let key = found.tensors.first?.key ?? ""
    let rows = found.tensors.filter { $0.key == key }
    var table = TextTable(["name", "shape", "type", "from", "to", "NaN"], leading: [0, 1, 2])
    for row in rows.prefix(Self.mostRows) {
      table.append([
        row.name, row.shape.map { $0.map(String.init).joined(separator: "×") } ?? row.error ?? "",
        row.type ?? "", row.range.map { "\($0[0])" } ?? "", row.range.map { "\($0[1])" } ?? "",
        odd(row),
      ])
    }
    let rest =
      rows.count > Self.mostRows ? "\nand \(rows.count - Self.mostRows) more, which --json lists" : ""
    return table.text + rest
  }

  private func odd(_ row: TensorSummary) -> String {
    [row.nan.map { "\($0)" }, row.infinite.map { "\($0) infinite" }].compactMap { $0 }.joined(separator: ", ")
  }

  private var conclusion: [String] {
    var lines: [String] = []
    if let network = found.network {
      let classes = network.classes == 0 ? "no classes" : "\(network.classes) classes"
      lines.append(
        fact("network", "\(network.name), \(Quantity.millions(network.parameters)) parameters, \(classes)"))
      if let origin = network.origin {
        lines.append(fact("names", origin.names + (origin.prefix.map { " behind '\($0)'" } ?? "")))
        for file in origin.files { lines.append(fact("uses", file)) }
      }
      lines += network.remarks.map { fact("remark", $0) }
    }
    if let problem = found.problem { lines.append(fact("problem", problem)) }
    for near in found.nearest {
      lines.append(fact("nearest", "\(near.name): \(near.differences) tensors differ"))
      lines += differences("missing", near.missing) + differences("unexpected", near.unexpected)
      lines += differences(
        "mis-shaped", near.misshaped.map { "\($0.name) \($0.found) instead of \($0.expected)" })
    }
    lines += found.commands.map { fact("load", $0) }
    return lines
  }

  private func differences(_ kind: String, _ items: [String]) -> [String] {
    let shown = items.prefix(Self.mostDifferences).map { fact("", "\(kind) \($0)") }
    let rest = items.count - Self.mostDifferences
    return shown + (rest > 0 ? [fact("", "\(kind): \(rest) more")] : [])
  }

  private func place(_ key: String) -> String {
    key.isEmpty ? "in the outermost dictionary" : "under '\(key)'"
  }

  private func short(_ text: String) -> String { text.count > 100 ? text.prefix(100) + "…" : text }

  private func fact(_ title: String, _ text: String) -> String {
    "  " + title + String(repeating: " ", count: max(1, 11 - title.count)) + text
  }
}
