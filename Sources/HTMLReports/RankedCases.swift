/// The cases of a run, of which a report shows so many as a browser can bear: with pictures those of the lowest and of the
/// highest scores, and if there are very many, none but these. Memory does not grow with their number.
public struct RankedCases: Sendable {
  private struct Entry: Sendable {
    let number: Int
    let score: Double
    let name: String
    let cells: [ReportTable.Cell]
    var pictures: ReportCase.Pictures?
  }

  /// The columns of the table of cases, behind that of the name.
  public let columns: [ReportTable.Column]
  /// Cases so far.
  public private(set) var count = 0
  private let mostRows: Int
  private let mostPictures: Int
  /// By rising score.
  private var entries: [Entry] = []

  /// No cases.
  /// - Parameters:
  ///   - columns: what each case has, behind its name.
  ///   - mostRows: more cases than this are not all shown.
  ///   - mostPictures: so many have pictures, half of them for low scores.
  public init(columns: [ReportTable.Column], mostRows: Int = 5000, mostPictures: Int = 200) {
    self.columns = columns
    self.mostRows = mostRows
    self.mostPictures = mostPictures
  }

  /// Adds a case; one without a score that can be compared stands before all others.
  /// - Parameters:
  ///   - cells: one for each column.
  ///   - pictures: is called only if the case's are to be shown, as far as is known now.
  public mutating func add(
    _ name: String, score: Double, cells: [ReportTable.Cell], pictures: () throws -> ReportCase.Pictures?
  ) rethrows {
    precondition(cells.count == columns.count, "a cell for each column")
    let score = score.isNaN ? -Double.infinity : score
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].score <= score { low = middle + 1 } else { high = middle }
    }
    count += 1
    entries.insert(Entry(number: count, score: score, name: name, cells: cells), at: low)
    if hasPictures(low) { entries[low].pictures = try pictures() }
    // Each of the others has moved by one place at most.
    for place in [mostPictures / 2, entries.count - 1 - mostPictures / 2]
    where entries.indices.contains(place) && !hasPictures(place) {
      entries[place].pictures = nil
    }
    if entries.count > mostRows { entries.remove(at: mostRows / 2) }
  }

  private func hasPictures(_ place: Int) -> Bool {
    place < mostPictures / 2 || place >= entries.count - mostPictures / 2
  }

  /// The folders that all names that are shown begin with, which need not be said in every row.
  private var folder: String {
    guard var common = entries.first?.name.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    else { return "" }
    for entry in entries {
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      common = common.prefix(zip(common, parts).prefix { $0 == $1 }.count)
    }
    return common.map { $0 + "/" }.joined()
  }

  /// The cases that are shown, in the order in which they came.
  public var table: ReportTable {
    let folder = folder
    return ReportTable(
      columns: [ReportTable.Column("picture", .text)] + columns,
      rows: entries.sorted { $0.number < $1.number }.map { entry in
        let name = String(entry.name.dropFirst(folder.count))
        return ReportTable.Row([.text(name)] + entry.cells, thumbnail: entry.pictures?.thumbnail)
      })
  }

  /// The cases with the lowest scores, the lowest first.
  public func lowest(_ count: Int) -> [ReportCase] { shown(entries.prefix(count)) }

  /// The cases with the highest scores, the highest first.
  public func highest(_ count: Int) -> [ReportCase] { shown(entries.suffix(count).reversed()) }

  private func shown(_ chosen: some Sequence<Entry>) -> [ReportCase] {
    let folder = folder
    return chosen.map { entry in
      let values = zip(columns, entry.cells).map { (name: $0.name, value: $0.kind.shown($1)) }
      return ReportCase(
        String(entry.name.dropFirst(folder.count)), pictures: entry.pictures,
        values: values.filter { !$0.value.isEmpty })
    }
  }

  /// Where the pictures lie, and what is left out, in sentences; empty if there is nothing to say.
  public var remark: String {
    let place = folder.isEmpty ? [] : ["They lie in \(folder)."]
    let left =
      count > entries.count
      ? ["\(entries.count) of \(count) are listed: those with the lowest and the highest scores."] : []
    return (place + left).joined(separator: " ")
  }
}
