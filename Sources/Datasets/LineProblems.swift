/// What is wrong with the lines of a table. All are counted, and the first are kept: a file of nothing else would fill the
/// memory with sentences about it.
struct LineProblems {
  /// How many are kept.
  static let mostKept = 1000

  private var first: [DatasetError] = []
  private var count = 0
  /// The table that the last one is about.
  private var path = ""

  /// Notes one more.
  /// - Parameter path: the table.
  mutating func append(_ problem: DatasetError, in path: String) {
    count += 1
    self.path = path
    if first.count < Self.mostKept { first.append(problem) }
  }

  /// The first, and how many more there are if not all were kept.
  var all: [DatasetError] {
    count > first.count ? first + [.moreBadLines(path: path, count: count - first.count)] : first
  }
}
