import Checkpoints
import EDNets
import Files
import Networks
import Tensors
import Testing

@testable import Datasets
@testable import Training

/// Whose folder it is, and what may become of it.
@Suite struct RunFolderTests {
  private struct Unprepared: Error {}

  /// An observer that writes `drawn` and `drawings/`.
  private final class Draughtsman: TrainingObserver {
    var isReady = true
    var outputs: [String] { ["drawn", "drawings"] }
    func prepare(_ recipe: Recipe) throws { if !isReady { throw Unprepared() } }
    func observe(_ event: TrainingEvent, in run: TrainingRun) throws {}
  }

  private func names(_ folder: String) throws -> [String] { try Folders.contents(of: folder) }

  @Test func otherDataAreRefused() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run, stopAfter: 2)
    let others: [(TrainingRun.Parts, String)] = [
      (
        SmallRun.parts(train: ColorDataset(count: 18)),
        "there were 15 images to learn from, and are 18 now"
      ),
      (
        SmallRun.parts(validation: ColorDataset(count: 9, folder: "others")),
        "there were 6 images to check with, and are 9 now"
      ),
      (
        SmallRun.parts(
          train: ColorDataset(count: 15, classes: ["red", "blue", "green"]),
          validation: ColorDataset(count: 6, classes: ["red", "blue", "green"])),
        "the class 'green' is 'blue' now"
      ),
    ]
    for (parts, sentence) in others {
      let error = #expect(throws: TrainingError.self) { try SmallRun.run(in: run, .resumed, parts: parts) }
      #expect(error == .dataChanged(folder: run, reason: sentence))
    }
    // Data may move; the last part of a name is the picture's.
    let moved = SmallRun.parts(train: ColorDataset(count: 15, folder: "/else/where"))
    #expect(try SmallRun.run(in: run, .resumed, parts: moved).reason == .finished)

    let (names, labels) = ((0..<15).map { "\($0).png" }, (0..<15).map { $0 % 3 })
    func part(_ names: [String], _ labels: [Int]) throws -> RunData.Part {
      var feed = try SmallRun.parts().feeds(SmallRun.recipe()).train
      feed.name = { "folder/" + names[$0] }
      feed.label = { labels[$0] }
      return RunData.Part(feed)
    }
    let same = try part(names, labels)
    #expect(try part(names, labels) == same)
    #expect(try part(names.reversed(), labels) != same && part(names, labels.reversed()) != same)
  }

  @Test func oneProcessAtATime() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run, stopAfter: 2)
    let before = try SmallRun.text(run + "/state.json")
    var lock = try FileLock(path: run + "/.edviz-lock")
    #expect(lock != nil)
    for beginning in [TrainingRun.Beginning.resumed, .fresh(replacing: true)] {
      #expect(throws: TrainingError.runInUse(folder: run)) { try SmallRun.run(in: run, beginning) }
    }
    #expect(try SmallRun.text(run + "/state.json") == before)
    lock = nil
    // A run holds it itself.
    let watcher = SmallRun.Watcher { event in
      guard case .runBegan = event else { return }
      let second = try FileLock(path: run + "/.edviz-lock")
      #expect(second == nil)
    }
    #expect(try SmallRun.run(in: run, .resumed, watching: watcher).reason == .finished)
    #expect(try FileLock(path: run + "/.edviz-lock") != nil)
  }

  /// Files that somebody else made are not touched, whichever of a run's names they have.
  @Test func foreignFilesStay() throws {
    let folder = try TemporaryFolder()
    for name in [
      "recipe.yaml", "last.safetensors", "best.safetensors", "manifest.json", "epochs.csv", "log.jsonl",
      "checkpoint/x", "drawn", "drawings/x",
    ] {
      let run = folder.path + "/" + name.split(separator: "/").joined(separator: "-")
      try AtomicFile.write(Array("mine".utf8), to: run + "/" + name)
      let top = String(name.split(separator: "/")[0])
      #expect(throws: FileError.exists(path: run + "/" + top), "\(name)") {
        try SmallRun.run(in: run, watching: Draughtsman())
      }
      #expect(try SmallRun.text(run + "/" + name) == "mine")
      #expect(try names(run) == [top])
      // If asked to, a run takes their place altogether.
      try SmallRun.run(in: run, .fresh(replacing: true), watching: Draughtsman())
      #expect(Folders.kind(of: run + "/state.json") == .file && Folders.kind(of: run + "/drawings") == nil)
      if name == "checkpoint/x" { #expect(Folders.kind(of: run + "/" + name) == nil) }
    }
    // What no run writes may be there.
    let run = folder.path + "/notes"
    try AtomicFile.write(Array("mine".utf8), to: run + "/notes.txt")
    try SmallRun.run(in: run)
    #expect(try SmallRun.text(run + "/notes.txt") == "mine")
  }

  /// A run that cannot begin changes nothing.
  @Test func replacementsComeLast() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run)
    let before = try SmallRun.outcome(in: run)
    let observer = Draughtsman()
    observer.isReady = false
    for name in ["run", "new"] {
      #expect(throws: Unprepared.self) {
        try SmallRun.run(in: folder.path + "/" + name, .fresh(replacing: true), watching: observer)
      }
    }
    #expect(try SmallRun.outcome(in: run) == before)
    #expect(Folders.kind(of: folder.path + "/new") == nil)
  }

  /// What a killed process was writing, or had written for a state that never came.
  @Test func remainsAreSweptUp() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run, stopAfter: 2)
    let expected = try names(run)
    for name in [
      ".edviz.4711.3.0", ".edviz.AbCdEf", "last.safetensors.4711.edviz", "checkpoint/.edviz.4711.3.0",
      "checkpoint/weights-9.safetensors", "checkpoint/best-9.safetensors", "drawings/.edviz.1.2.3",
    ] {
      try AtomicFile.write([1], to: run + "/" + name)
    }
    try AtomicFile.write([1], to: run + "/my.edviz")
    try SmallRun.run(in: run, .resumed, watching: Draughtsman())
    #expect(Set(try names(run)) == Set(expected + ["drawings", "my.edviz", "best.safetensors"]))
    #expect(try names(run + "/drawings").isEmpty)
    let state = try RunFolder(run).load().state
    #expect(Set(try names(run + "/checkpoint")) == Set(state.files.map(\.name)))
  }

  /// The published models are those that the scores are of; the parameters that learn stay apart.
  @Test(arguments: [false, true]) func averagesArePublished(withEngine: Bool) throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    let parts = withEngine ? SmallRun.parts(learner: TrainingRun.Parts.standard.learner) : SmallRun.parts()
    final class Snapshots: TrainingObserver {
      var taken: [(model: Model, values: [Float])] = []
      func observe(_ event: TrainingEvent, in run: TrainingRun) throws {
        guard case .epochEnded = event else { return }
        let model = try run.snapshot()
        taken.append((model, model.network.parameters.flatMap(\.value.elements)))
      }
    }
    let snapshots = Snapshots()
    try SmallRun.run(in: run, parts: parts, watching: snapshots)
    let (state, weights, optimizer) = try RunFolder(run).load()
    let last = try Checkpoint(contentsOf: run + "/last.safetensors")
    let values = try last.map { entry in (entry.name, try entry.tensor().elements) }
    for (name, value) in values {
      #expect(try optimizer["average.\(name)"]?.tensor().elements == value, "\(name)")
    }
    #expect(try weights.map { try $0.tensor().elements } != values.map(\.1))
    #expect(state.scored == state.average && state.average != nil)
    #expect(snapshots.taken.count == 3)
    // What was taken stays as it was, though the run went on.
    for (model, values) in snapshots.taken {
      #expect(model.network.parameters.flatMap(\.value.elements) == values)
    }
    let final = try #require(snapshots.taken.last).model.network.parameters
    for parameter in final {
      #expect(try last[parameter.name]?.tensor().elements == parameter.value.elements)
    }

    var recipe = SmallRun.recipe()
    recipe.averaging = nil
    try SmallRun.run(recipe, in: folder.path + "/plain", parts: parts)
    let plain = try RunFolder(folder.path + "/plain").load().state
    #expect(plain.average == nil)
    #expect(
      try SHA256.hexadecimal(ofFile: folder.path + "/plain/last.safetensors") == plain.weights.sha256)
  }

  /// The best model is of the same moment as the state, even if a later one had been written when the run was killed.
  @Test func theBestModelIsTheStates() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: folder.path + "/whole")
    // The first change after the best model has its name.
    let best = run + "/checkpoint/best-1.safetensors"
    try Disk.run(in: run, endingBefore: { _ in Folders.kind(of: best) != nil })
    #expect(Folders.kind(of: run + "/checkpoint/best-1.safetensors") == .file)
    #expect(Folders.kind(of: run + "/best.safetensors") == nil)
    try SmallRun.run(in: run, .resumed)
    #expect(try SmallRun.outcome(in: run) == SmallRun.outcome(in: folder.path + "/whole"))
    // One that is lost is given its name again, one that is damaged is named.
    Folders.removeFile(run + "/best.safetensors")
    try SmallRun.run(in: run, .resumed)
    #expect(try SmallRun.outcome(in: run) == SmallRun.outcome(in: folder.path + "/whole"))
    try AtomicFile.write([1], to: run + "/checkpoint/best-1.safetensors")
    #expect(throws: TrainingError.self) { try SmallRun.run(in: run, .resumed) }
  }

  @Test func anotherEngineIsRemarked() throws {
    var before = RunEngine()
    #expect(before.remarks(continuing: before).isEmpty)
    before.oneDNN = "1.0"
    before.kernels = "none"
    before.backend = "abacus"
    before.threads += 1
    let now = RunEngine()
    let remarks = now.remarks(continuing: before)
    #expect(
      remarks.last
        == "the run's instruction set was none before and is \(now.kernels) now: last digits will differ")
    #expect(remarks.count == 4)

    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run, stopAfter: 2)
    let text = try SmallRun.text(run + "/state.json")
    let other = text.replacing("\"kernels\" : \"\(now.kernels)\"", with: "\"kernels\" : \"none\"")
    #expect(other != text)
    try AtomicFile.write(Array(other.utf8), to: run + "/state.json")
    var said: [String] = []
    let watcher = SmallRun.Watcher { event in
      if case .runBegan(let outline) = event { said = outline.remarks }
    }
    try SmallRun.run(in: run, .resumed, watching: watcher)
    #expect(said == [remarks[3]])
  }

  @Test func statesThatNoRunCountsAreRefused() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run, stopAfter: 2)
    let text = try SmallRun.text(run + "/state.json")
    for (field, value) in [
      ("epoch", "-1"), ("batch", "-1"), ("step", "\(Int.max)"), ("generation", "\(Int.max)"),
    ] {
      let other = text.replacing(try Regex("\"\(field)\" : [0-9]+"), with: "\"\(field)\" : \(value)")
      #expect(other != text)
      try AtomicFile.write(Array(other.utf8), to: run + "/state.json")
      let error = #expect(throws: TrainingError.self) { try SmallRun.run(in: run, .resumed) }
      #expect(error == .damagedRun(path: run + "/state.json", reason: "a number in it is out of range"))
    }
    try AtomicFile.write(Array(text.utf8), to: run + "/state.json")
    #expect(try SmallRun.run(in: run, .resumed).reason == .finished)
  }

  /// A number of threads is set for one thread, and a run may be made on another one than it runs on.
  @Test func threadsAreThoseOfTheThreadThatRuns() throws {
    let before = Threads.count
    defer { Threads.use(before) }
    let folder = try TemporaryFolder()
    var recipe = SmallRun.recipe()
    recipe.threads = 3
    var seen = 0
    let watcher = SmallRun.Watcher { if case .stepEnded = $0 { seen = Threads.count } }
    nonisolated(unsafe) let run = try TrainingRun(
      recipe, folder: folder.path + "/run", beginning: .fresh(replacing: false), observers: [watcher],
      stop: StopRequest(), parts: SmallRun.parts())
    BackgroundThread {
      Threads.use(1)
      _ = try? run.run()
    }.join()
    #expect(seen == 3)
  }

  @Test func theSamePicturesAreRemarked() throws {
    let folder = try TemporaryFolder()
    var said: [String] = []
    let watcher = SmallRun.Watcher { event in
      if case .runBegan(let outline) = event { said = outline.remarks }
    }
    let parts = SmallRun.parts(validation: ColorDataset(count: 15))
    try SmallRun.run(in: folder.path + "/run", parts: parts, watching: watcher)
    #expect(said == ["the images to check with are those to learn from"])
    try SmallRun.run(in: folder.path + "/other", watching: watcher)
    #expect(said.isEmpty)
  }

  /// Two pictures that cannot be read where one may be: the run ends where an unbroken one ends.
  @Test func toleranceOutlivesABreak() throws {
    let folder = try TemporaryFolder()
    var compared = 0
    for other in 3..<15 {
      let parts = SmallRun.parts(train: ColorDataset(count: 15, bad: [2, other]), tolerance: 0.1)
      var steps = 0
      let counter = SmallRun.Watcher { if case .stepEnded = $0 { steps += 1 } }
      let error = try #require(throws: DatasetError.self) {
        try SmallRun.run(in: "\(folder.path)/\(other)", parts: parts, watching: counter)
      }
      // Only where a step lies between the two, or before both, can the run be broken there.
      guard steps > 0 else { continue }
      compared += 1
      let broken = "\(folder.path)/\(other)-broken"
      try SmallRun.run(in: broken, stopAfter: steps, parts: parts)
      #expect(throws: error) { try SmallRun.run(in: broken, .resumed, parts: parts) }
    }
    #expect(compared > 2)
  }
}
