import Files

extension RunFolder {
  /// True if a run was saved here.
  var holdsRun: Bool { Folders.kind(of: file(Self.stateName)) != nil }

  /// True if a run was begun here, saved or not.
  private var isMarked: Bool { Folders.kind(of: file(Self.lockName)) == .file }

  /// What a run writes before it is saved for the first time.
  private static let beginnings = [recipeName, EpochTable.name, EventLog.name]

  /// Makes sure that a run can begin here without replacing anything but what was left by one that was killed before
  /// it was saved; changes nothing.
  /// - Throws: `TrainingError.runExists`, `FileError.exists`.
  func checkIsFree() throws {
    guard !holdsRun else { throw TrainingError.runExists(folder: path) }
    let leftovers = isMarked ? Self.beginnings + [Self.generationsName] : []
    for name in outputs where !leftovers.contains(name) && Folders.kind(of: file(name)) != nil {
      throw FileError.exists(path: file(name))
    }
  }

  /// Everything that a run writes: first what it would be continued from.
  private var outputs: [String] {
    [Self.stateName, Self.lastName, Self.bestName, Self.manifestName] + Self.beginnings + observed
      + [Self.generationsName]
  }

  /// Makes the folder and keeps other processes away from it, as long as the result lives.
  /// - Throws: `TrainingError.runInUse`, `FileError`.
  func lock() throws -> FileLock {
    try Folders.make(path)
    guard let lock = try FileLock(path: file(Self.lockName)) else {
      throw TrainingError.runInUse(folder: path)
    }
    return lock
  }

  /// Removes the record that ends a run, which is not at its end any more, and what a killed process had not named yet.
  func reopen() {
    Folders.removeFile(file(Self.manifestName))
    for folder in [path, file(Self.generationsName)] + observed.map(file)
    where Folders.kind(of: folder) == .folder { Folders.removeUnnamed(in: folder) }
  }

  /// Removes a run, so that another can begin.
  func clear() throws {
    for name in outputs {
      let place = file(name)
      guard Folders.kind(of: place) == .folder, !Folders.isLink(place) else {
        Folders.removeFile(place)
        continue
      }
      for inner in try Folders.contents(of: place) { Folders.removeFile(place + "/" + inner) }
      Folders.removeIfEmpty(place)
    }
  }
}
