import Checkpoints
import Files
import Glibc
import Synchronization
import Testing

@testable import Training

/// Each change of the disk that a run makes fails, one after the other, or is the last before a kill. All of them with
/// EDVIZ_SLOW=1, else every thirty-first.
@Suite struct DiskFaultTests {
  private static let step = getenv("EDVIZ_SLOW") == nil ? 31 : 1

  /// A run that is killed before any change can be continued from what is there, and ends as an unbroken one.
  @Test func killsBetweenChangesLoseNothing() throws {
    let folder = try TemporaryFolder()
    let (path, whole) = (folder.path, folder.path + "/whole")
    let outcome = Disk.run(in: whole) { _, number in
      // The machine stops here; nameless files are gone then, as in a copy.
      if number % Self.step == 0 { try? Disk.copy(whole, to: "\(path)/\(number)") }
      return nil
    }
    #expect(outcome.error == nil && outcome.changes.count > 100)
    let expected = try SmallRun.outcome(in: whole)
    var resumed = 0
    for number in stride(from: 0, to: outcome.changes.count, by: Self.step) {
      let run = "\(folder.path)/\(number)"
      let change = outcome.changes[number]
      if Folders.kind(of: run + "/state.json") == nil {
        // Before the very first state there is nothing to continue.
        #expect(throws: TrainingError.noRun(folder: run)) { try SmallRun.run(in: run, .resumed) }
        // What lies there is nobody's, and another run may begin.
        try SmallRun.run(in: run)
      } else {
        resumed += 1
        try SmallRun.run(in: run, .resumed)
      }
      #expect(try SmallRun.outcome(in: run) == expected, "killed before \(number): \(change)")
      try expectNothingElse(in: run)
    }
    #expect(resumed > 10)
  }

  /// A disk that is full from some change on, and one that fails once: the run says which file it is about, the save before
  /// is whole, what has a name is whole, and the run can be continued.
  @Test(arguments: [ENOSPC, EIO])
  func failuresLoseNothing(code: Int32) throws {
    let folder = try TemporaryFolder()
    let whole = Disk.run(in: folder.path + "/whole")
    let expected = try SmallRun.outcome(in: folder.path + "/whole")
    var failed = 0
    for number in stride(from: code == EIO ? 3 : 0, to: whole.changes.count, by: Self.step) {
      let run = "\(folder.path)/\(number)"
      let outcome = Disk.run(in: run) { _, current in
        current == number || code == ENOSPC && current > number ? code : nil
      }
      let about = "\(number): \(outcome.changes.last.map { "\($0)" } ?? "") \(code)"
      guard case FileError.unwritable(let path, let reason)? = outcome.error else {
        Issue.record("\(about): \(String(describing: outcome.error))")
        continue
      }
      failed += 1
      #expect(path.hasPrefix(run) && reason == String(cString: strerror(code)), "\(about)")
      let isSaved = Folders.kind(of: run + "/state.json") != nil
      if isSaved { #expect(throws: Never.self, "\(about)") { try RunFolder(run).load() } }
      // What has a name is whole, saved or not.
      for place in [run, run + "/checkpoint"] where Folders.kind(of: place) == .folder {
        for name in try Folders.contents(of: place) where name.hasSuffix(".safetensors") {
          #expect(throws: Never.self, "\(about)") { try Checkpoint(contentsOf: place + "/" + name) }
        }
      }
      if code == ENOSPC, isSaved {
        // Nothing of a save that failed takes up room.
        let kept = Set(try RunFolder(run).load().state.files.map(\.name))
        let left = Set(try Folders.contents(of: run + "/checkpoint")).subtracting(kept)
        #expect(
          left.allSatisfy { $0.hasPrefix("best-") || $0.hasSuffix("-\(generation(run) - 1).safetensors") },
          "\(about): \(left)")
      }
      try SmallRun.run(in: run, isSaved ? .resumed : .fresh(replacing: false))
      #expect(try SmallRun.outcome(in: run) == expected, "\(about)")
      try expectNothingElse(in: run)
    }
    #expect(failed > 10)
  }

  private func generation(_ run: String) -> Int { (try? RunFolder(run).load().state.generation) ?? 0 }

  /// Only what an unbroken run leaves.
  private func expectNothingElse(in run: String) throws {
    #expect(
      try Folders.contents(of: run) == [
        ".edviz-lock", "best.safetensors", "checkpoint", "epochs.csv", "last.safetensors", "log.jsonl",
        "recipe.yaml", "state.json",
      ])
    #expect(try Folders.contents(of: run + "/checkpoint").count == 4)
  }
}
