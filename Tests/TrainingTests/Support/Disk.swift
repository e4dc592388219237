import Files
import Glibc
import Synchronization

@testable import Training

/// A disk that fails, or a machine that stops, at a chosen change.
enum Disk {
  /// What a run did to the disk until it ended.
  struct Outcome {
    var changes: [DiskChange] = []
    var error: (any Error)?
  }

  /// Runs `SmallRun` in a folder while `failing` says, for each change and its number from 0, with which `errno` it fails.
  @discardableResult
  static func run(
    in folder: String, _ beginning: TrainingRun.Beginning = .fresh(replacing: false),
    failing: @escaping @Sendable (DiskChange, Int) -> Int32? = { _, _ in nil }
  ) -> Outcome {
    let changes = Mutex<[DiskChange]>([])
    let watcher: @Sendable (DiskChange) -> Int32? = { change in
      let number = changes.withLock { changes in
        changes.append(change)
        return changes.count - 1
      }
      return failing(change, number)
    }
    var error: (any Error)?
    do {
      try DiskChange.watcher.with(watcher) { _ = try SmallRun.run(in: folder, beginning) }
    } catch let caught { error = caught }
    return Outcome(changes: changes.withLock { $0 }, error: error)
  }

  /// Leaves in `folder` what a run leaves that is killed before the first change that `isLast` holds for.
  static func run(in folder: String, endingBefore isLast: @escaping @Sendable (DiskChange) -> Bool) throws {
    let isOver = Mutex(false)
    let copy = folder + "-killed"
    let outcome = run(in: folder) { change, _ in
      isOver.withLock { isOver in
        guard !isOver, isLast(change) else { return }
        isOver = true
        try? Disk.copy(folder, to: copy)
      }
      return nil
    }
    if let error = outcome.error { throw error }
    try remove(folder)
    try Folders.move(copy, to: folder)
  }

  /// A copy of a folder as it is now, by the system's own calls: those of `Files` are watched.
  static func copy(_ folder: String, to copy: String) throws {
    mkdir(copy, 0o777)
    for name in try Folders.contents(of: folder) {
      let (from, to) = (folder + "/" + name, copy + "/" + name)
      if Folders.kind(of: from) == .folder {
        try Disk.copy(from, to: to)
      } else {
        let bytes = try FileBytes.read(from)
        let descriptor = open(to, O_WRONLY | O_CREAT | O_EXCL, 0o666)
        bytes.withUnsafeBytes { _ = write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
      }
    }
  }

  private static func remove(_ folder: String) throws {
    for name in try Folders.contents(of: folder) {
      let path = folder + "/" + name
      if Folders.kind(of: path) == .folder { try remove(path) } else { Folders.removeFile(path) }
    }
    Folders.removeIfEmpty(folder)
  }
}
