import FoundationEssentials

/// What a run of scoring leaves on the disk while it goes on, so that a run that was stopped or killed goes on where it
/// was: `pictures.csv.partial` and `unscored.csv.partial`, which grow line by line, and `evaluation.state.json`, which
/// says how many of their bytes count. What was written after the last state, perhaps half a line, is
/// dropped and made again, so that in the end the files are those of an unbroken run, byte for byte.
public final class LocalisationJournal {
  /// The scores of each picture.
  public static let tableName = "pictures.csv"
  /// The files without a score.
  public static let unscoredName = "unscored.csv"
  static let stateName = "evaluation.state.json"
  /// Pictures between one state and the next, as many as are scored again at most.
  static let interval = 16

  /// How far a run has come.
  struct State: Codable {
    static let currentVersion = 2

    var schemaVersion = currentVersion
    /// Digest of the pictures and of all that scores depend on.
    var fingerprint: String
    /// Position of the first picture that was not looked at.
    var next = 0
    var tableBytes = 0
    var unscoredBytes = 0
    var counts = LocalisationCounts()
    /// For each setting that has a map.
    var curves: [ThresholdCurve]
    /// For each of these how many pictures' maps hold values that are not finite.
    var nonFinite: [Int]

    /// Whether its numbers are such as a run counts.
    var isPlausible: Bool {
      ([next, tableBytes, unscoredBytes] + counts.all + nonFinite).allSatisfy { (0...1 << 48).contains($0) }
    }
  }

  /// Where the run begins or goes on.
  public var next: Int { state.next }
  /// What has been scored and what not.
  public var counts: LocalisationCounts { state.counts }
  /// The overlaps at fixed thresholds, for each setting that has a map.
  public var curves: [ThresholdCurve] { state.curves }
  /// A sentence about each way in which masks were read, and about each setting with maps that hold values that are not
  /// finite.
  public var remarks: [String] {
    let readings = (state.counts.readings ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.value) of \(state.counts.scored) masks: \($0.key)" }
    return readings
      + zip(settings.filter { !$0.isTrivial }, state.nonFinite).filter { $0.1 > 0 }.map { setting, count in
        let name = [setting.model, setting.block, setting.title, setting.inputSize.map { "at \($0)" }]
        return "\(name.compactMap { $0 }.joined(separator: " ")): the map "
          + "\(MapCondition.nonFinite.explanation) in \(count) of \(state.counts.scored) pictures"
      }
  }
  /// Whether an earlier run is continued.
  public let isContinued: Bool
  private var state: State
  private var unsaved = 0
  private let folder: ResultFolder
  private let settings: [LocalisationSetting]
  private let table: LogFile
  private let unscored: LogFile
  private var lock: FileLock?

  /// Whether a folder holds a run that was not finished.
  public static func isUnfinished(_ folder: String) -> Bool {
    Folders.kind(of: "\(folder)/\(stateName)") != nil
  }

  /// Opens the files in a folder.
  /// - Parameters:
  ///   - fingerprint: digest of the pictures and of all that scores depend on; a run goes on only under its own.
  ///   - problems: files that are no picture of the run, and why; a run that is continued has noted them.
  ///   - resumes: whether an unfinished run in the folder is continued; there need not be one.
  ///   - force: whether one is thrown away instead.
  /// - Throws: `LocalisationError.unfinished`, `.changed`, `.inUse`, `.damagedState`, `FileError`.
  public init(
    folder: ResultFolder, settings: [LocalisationSetting], fingerprint: String,
    problems: [(path: String, error: any Error)] = [], resumes: Bool, force: Bool
  ) throws {
    let path = folder.path
    let isUnfinished = Self.isUnfinished(path)
    if isUnfinished, !resumes, !force { throw LocalisationError.unfinished(folder: path) }
    isContinued = isUnfinished && resumes
    if !isContinued { try folder.check([Self.tableName, Self.unscoredName]) }
    try Folders.make(path)
    guard let lock = try FileLock(path: Self.lock(path)) else { throw LocalisationError.inUse(folder: path) }
    self.lock = lock
    self.folder = folder
    if isUnfinished { Folders.removeUnnamed(in: path) }
    self.settings = settings
    if isContinued {
      state = try Self.read(path)
      guard state.fingerprint == fingerprint, state.curves.count == settings.count(where: { !$0.isTrivial }),
        state.nonFinite.count == state.curves.count
      else { throw LocalisationError.changed(folder: path) }
      // Killed between the last names and the record: the names are taken back.
      for name in [Self.tableName, Self.unscoredName] where Folders.kind(of: Self.partial(name, path)) == nil
      {
        if Folders.kind(of: "\(path)/\(name)") != nil {
          try Folders.move("\(path)/\(name)", to: Self.partial(name, path))
        }
      }
    } else {
      let curves = settings.filter { !$0.isTrivial }.map { _ in ThresholdCurve() }
      state = State(
        fingerprint: fingerprint, curves: curves, nonFinite: [Int](repeating: 0, count: curves.count))
    }
    table = try LogFile(path: Self.partial(Self.tableName, path), keeping: state.tableBytes)
    unscored = try LogFile(path: Self.partial(Self.unscoredName, path), keeping: state.unscoredBytes)
    guard table.count == state.tableBytes, unscored.count == state.unscoredBytes else {
      throw LocalisationError.damagedState(folder: path)
    }
    if !isContinued {
      try table.append(LocalisationScores.headings.joined(separator: ","))
      try unscored.append("path,reason")
      for (path, error) in problems { try note(path, error) }
      // The first state has all that comes before the first picture: from here on the run can be continued.
      try save()
    }
  }

  /// Notes what came of the next picture.
  public func append(_ path: String, _ result: Result<LocalisationRun.Scored, any Error>) throws {
    switch result {
    case .success(let scored):
      try table.append(LocalisationScores.lines(path, scored, settings))
      for (index, counts) in scored.thresholds.enumerated() { state.curves[index].add(counts) }
      for (index, isOdd) in scored.nonFinite.enumerated() where isOdd { state.nonFinite[index] += 1 }
      state.counts.scored += 1
      if let reading = scored.reading { state.counts.readings?[reading, default: 0] += 1 }
    case .failure(let error): try note(path, error)
    }
    state.next += 1
    unsaved += 1
    if unsaved >= Self.interval { try save() }
  }

  /// Notes a file that has no score.
  private func note(_ path: String, _ error: any Error) throws {
    try unscored.append(CSV.field(path) + "," + CSV.field("\(error)"))
    state.counts.add(error, at: path)
  }

  /// Writes down how far the run has come: first the tables to the disk, then the state that counts on them.
  public func save() throws {
    for log in [table, unscored] { try log.synchronize() }
    state.tableBytes = table.count
    state.unscoredBytes = unscored.count
    try AtomicFile.write(JSONEncoder().encode(state), to: "\(folder.path)/\(Self.stateName)", durable: true)
    unsaved = 0
  }

  /// The scores so far.
  public func scores() throws -> LocalisationScores {
    try LocalisationScores(contentsOf: Self.partial(Self.tableName, folder.path), settings: settings)
  }

  /// Gives the files their names, those of unscored files only if there are any.
  public func finish() throws {
    try save()
    let names = [Self.tableName] + (state.counts.unscored > 0 ? [Self.unscoredName] : [])
    for name in names { try folder.move(Self.partial(name, folder.path), to: name) }
  }

  /// Gives the file of what could not be scored its name, where nothing else came of the run, and removes the rest.
  public func finishWithoutScores() throws {
    try folder.move(Self.partial(Self.unscoredName, folder.path), to: Self.unscoredName)
    close()
  }

  /// Removes the state and tables that got no name: after the record of the run was written, or if nothing came of it.
  public func close() {
    // The state last: without it, nobody would know what the rest is.
    for path in [Self.tableName, Self.unscoredName].map({ Self.partial($0, folder.path) }) + [
      "\(folder.path)/\(Self.stateName)", Self.lock(folder.path),
    ] {
      Folders.removeFile(path)
    }
    lock = nil
  }

  /// Removes what a process that was killed at the very end of a run left of it.
  /// - Throws: `LocalisationError.inUse`, `FileError`.
  public static func tidy(_ folder: String) throws {
    guard let lock = try FileLock(path: lock(folder)) else { throw LocalisationError.inUse(folder: folder) }
    withExtendedLifetime(lock) {
      Folders.removeUnnamed(in: folder)
      Folders.removeFile(Self.lock(folder))
    }
  }

  private static func partial(_ name: String, _ folder: String) -> String { "\(folder)/\(name).partial" }
  private static func lock(_ folder: String) -> String { "\(folder)/.evaluation.lock" }

  private static func read(_ folder: String) throws -> State {
    let bytes = try FileBytes.read("\(folder)/\(stateName)", limit: 256 << 20)
    guard let state = try? JSONDecoder().decode(State.self, from: Data(bytes)),
      state.schemaVersion == State.currentVersion, state.isPlausible
    else { throw LocalisationError.damagedState(folder: folder) }
    return state
  }
}

/// How many files have a score, and why others have none.
public struct LocalisationCounts: Codable, Hashable, Sendable {
  /// A file without a score.
  public struct Unscored: Codable, Hashable, Sendable {
    /// The file.
    public var path: String
    /// Why.
    public var reason: String
  }

  /// Pictures that were scored.
  public internal(set) var scored = 0
  /// Files without a score.
  public private(set) var unscored = 0
  /// Those that are not there.
  public private(set) var missing = 0
  /// How many there are of each kind: "without mask", "unusable".
  public private(set) var kinds: [String: Int] = [:]
  /// The first hundred; the file of all is `unscored.csv`.
  public private(set) var first: [Unscored] = []
  /// How many masks were read in each way that is not what anyone expects.
  public internal(set) var readings: [String: Int]? = [:]

  /// How many files or lines an error stands for.
  public static func weight(of error: any Error) -> Int {
    if case DatasetError.moreBadLines(_, let count) = error { count } else { 1 }
  }

  mutating func add(_ error: any Error, at path: String) {
    let weight = Self.weight(of: error)
    unscored += weight
    let kind =
      switch error {
      case let error as LocalisationError: error.kind
      case ImageError.incomplete: Self.incomplete
      case ImageError.transparentMask: LocalisationError.emptyKind
      case FileError.notFound, DatasetError.file(.notFound): "missing"
      default: "unusable"
      }
    kinds[kind, default: 0] += weight
    if first.count < 100 { first.append(Unscored(path: path, reason: "\(error)")) }
    switch error {
    case FileError.notFound, DatasetError.file(.notFound): missing += 1
    default: break
    }
  }

  /// Each number in it.
  fileprivate var all: [Int] { [scored, unscored, missing] + kinds.values }

  /// Whether all files without a score are missing.
  public var onlyMissing: Bool { missing == unscored }
  /// Whether all files without a score are photographs that end early.
  public var onlyIncomplete: Bool { kinds == [Self.incomplete: unscored] }
  private static let incomplete = "incomplete"

  /// A sentence about the files without a score: "3 without mask, 1 unusable; 20 pictures were scored".
  public var shortfall: String {
    let parts = kinds.sorted { $0.key > $1.key }.map { "\($0.value) \($0.key)" }
    return parts.joined(separator: ", ") + "; \(scored == 0 ? "no" : "\(scored)") "
      + (scored == 1 ? "picture was scored" : "pictures were scored")
  }
}
