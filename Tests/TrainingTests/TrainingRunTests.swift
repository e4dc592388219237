import Checkpoints
import EDNets
import Files
import Networks
import Tensors
import Testing

@testable import Training

@Suite struct TrainingRunTests {
  @Test func aRunLeavesModelsAndLogs() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    let end = try SmallRun.run(in: run)
    #expect(end.reason == .finished && end.step == 9)
    let names = try Folders.contents(of: run)
    #expect(
      names == [
        ".edviz-lock", "best.safetensors", "checkpoint", "epochs.csv", "last.safetensors", "log.jsonl",
        "recipe.yaml",
        "state.json",
      ])
    #expect(try Folders.contents(of: run + "/checkpoint").count == 4)
    for name in ["last.safetensors", "best.safetensors"] {
      let model = try Model(checkpoint: Checkpoint(contentsOf: run + "/" + name))
      #expect(model.classes == ["red", "green", "blue"])
      #expect(model.preprocessing == SmallRun.recipe().input && model.network.description == SmallRun.network)
    }
    let rows = try SmallRun.text(run + "/epochs.csv").split(separator: "\n")
    #expect(rows.count == 4 && rows[0].hasPrefix("epoch,step,rate,") && rows[3].hasPrefix("3,9,"))
    let lines = try SmallRun.text(run + "/log.jsonl").split(separator: "\n")
    #expect(lines.count { $0.contains(#""event":"step""#) } == 4)
    #expect(lines.count { $0.contains(#""event":"epoch""#) } == 3)
    #expect(lines.last?.contains(#""reason":"finished""#) == true)
    #expect(try Recipe(contentsOf: run + "/recipe.yaml") == SmallRun.recipe())
  }

  /// Stopped after any step, also in the middle of an epoch, and continued: not a bit differs.
  @Test(arguments: [false, true])
  func brokenRunsEndAsUnbrokenOnes(withEngine: Bool) throws {
    let folder = try TemporaryFolder()
    let parts = withEngine ? SmallRun.parts(learner: TrainingRun.Parts.standard.learner) : SmallRun.parts()
    try SmallRun.run(in: folder.path + "/whole", parts: parts)
    let expected = try SmallRun.outcome(in: folder.path + "/whole")
    for step in 1...8 {
      let run = folder.path + "/\(step)"
      let stopped = try SmallRun.run(in: run, stopAfter: step, parts: parts)
      #expect(stopped.reason == .stopped && stopped.step == step)
      #expect(try SmallRun.run(in: run, .resumed, parts: parts).reason == .finished)
      #expect(try SmallRun.outcome(in: run) == expected, "stopped after step \(step)")
    }
    // Stopped again and again.
    let run = folder.path + "/often"
    try SmallRun.run(in: run, stopAfter: 1, parts: parts)
    for step in 2...8 { try SmallRun.run(in: run, .resumed, stopAfter: step, parts: parts) }
    try SmallRun.run(in: run, .resumed, parts: parts)
    #expect(try SmallRun.outcome(in: run) == expected)
    // A run that is over has nothing left to do.
    #expect(try SmallRun.run(in: run, .resumed, parts: parts).reason == .finished)
    #expect(try SmallRun.outcome(in: run) == expected)
  }

  @Test func logsThatBecameShorterAreNamed() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run, stopAfter: 5)
    let table = run + "/" + EpochTable.name
    let bytes = try FileBytes.read(table)
    for left in [bytes.count - 9, 0] {
      try AtomicFile.write(Array(bytes.prefix(left)), to: table)
      let error = #expect(throws: TrainingError.self) { try SmallRun.run(in: run, .resumed) }
      #expect(
        error?.description.contains("epochs.csv: ") == true
          && error?.description.contains(
            "it has \(left) bytes, but had \(bytes.count) when the run was saved") == true,
        "\(error?.description ?? "")")
    }
    try AtomicFile.write(bytes, to: table)
    #expect(try SmallRun.run(in: run, .resumed).reason == .finished)
  }

  @Test func divergenceIsNamedAndTheLastStateKept() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    let parts = SmallRun.parts(learner: { network, groups, rule, penalty, _ in
      let learner = CountingLearner(network, groups, rule, penalty)
      learner.losses[8] = .infinity
      return learner
    })
    let error = #expect(throws: TrainingError.self) { try SmallRun.run(in: run, parts: parts) }
    #expect(
      error?.description.hasPrefix("the loss is not finite at step 5 (epoch 2, learning rate 0.0") == true)
    #expect(error?.description.contains("; the state of step 3 is kept;") == true)
    #expect(try RunFolder(run).load().state.step == 3)

    // Parameters that are no numbers are never saved.
    var recipe = SmallRun.recipe()
    recipe.optimizer.rate = .infinity
    let other = #expect(throws: TrainingError.self) { try SmallRun.run(recipe, in: folder.path + "/other") }
    #expect(other?.description.hasPrefix("a parameter is not finite at step 3 (epoch 1") == true)
    #expect(try RunFolder(folder.path + "/other").load().state.step == 0)
  }

  @Test func runsAreNeitherOverwrittenNorInvented() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    #expect(throws: TrainingError.noRun(folder: run)) { try SmallRun.run(in: run, .resumed) }
    try SmallRun.run(in: run, stopAfter: 2)
    #expect(throws: TrainingError.runExists(folder: run)) { try SmallRun.run(in: run) }
    #expect(try SmallRun.run(in: run, .fresh(replacing: true)).step == 9)
    let rows = try SmallRun.text(run + "/epochs.csv").split(separator: "\n")
    #expect(rows.count == 4)
  }

  @Test func otherRecipesAreRefused() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run, stopAfter: 2)
    let changes: [(String, (inout Recipe) -> Void)] = [
      ("optimizer.rate was 0.1 and is 0.2 now", { $0.optimizer.rate = 0.2 }),
      ("schedule.kind was cosine and is constant now", { $0.schedule = Schedule(.constant) }),
      ("seed was 0 and is 1 now", { $0.seed = 1 }),
      (
        "network.stages[0].width was 4 and is 8 now",
        { recipe in
          var network = SmallRun.network
          network.stages[0].width = 8
          recipe.network = .described(network)
        }
      ),
      ("averaging was 0.5 and is null now", { $0.averaging = nil }),
    ]
    for (sentence, change) in changes {
      var recipe = SmallRun.recipe()
      change(&recipe)
      let error = #expect(throws: TrainingError.self) { try SmallRun.run(recipe, in: run, .resumed) }
      #expect(error?.description == "\(run): cannot be continued with another recipe: \(sentence)")
    }
    // The rate of a cosine depends on its length.
    var longer = SmallRun.recipe()
    longer.epochs = 4
    let error = #expect(throws: TrainingError.self) { try SmallRun.run(longer, in: run, .resumed) }
    #expect(
      error?.description == "\(run): cannot be continued with another recipe: epochs was 3 and is 4 now")
    // What leads nowhere else may change.
    var recipe = SmallRun.recipe()
    recipe.name = "other"
    recipe.data.train.path = "/elsewhere"
    recipe.logSteps = 1
    recipe.checkpoint.epochs = 2
    #expect(try SmallRun.run(recipe, in: run, .resumed).step == 9)
    #expect(try Recipe(contentsOf: run + "/recipe.yaml") == recipe)
    // So may the length, where steps do not depend on it.
    recipe.schedule = Schedule(.constant)
    try SmallRun.run(recipe, in: run, .fresh(replacing: true))
    recipe.epochs = 4
    #expect(try SmallRun.run(recipe, in: run, .resumed).step == 12)
  }

  @Test func damageIsNamed() throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    try SmallRun.run(in: run, stopAfter: 2)
    let state = try RunFolder(run).load().state
    let weights = run + "/checkpoint/" + state.weights.name
    var bytes = try FileBytes.read(weights)
    bytes[bytes.count - 1] ^= 1
    try AtomicFile.write(bytes, to: weights)
    let bits = TrainingError.damagedRun(path: weights, reason: "its bytes are not those that were written")
    #expect(throws: bits) { try SmallRun.run(in: run, .resumed) }
    Folders.removeFile(weights)
    #expect(throws: TrainingError.damagedRun(path: weights, reason: "the file is missing")) {
      try SmallRun.run(in: run, .resumed)
    }
    for (text, reason) in [
      ("{", "it is not the JSON that edviz writes"),
      (#"{"schemaVersion": 9}"#, "its version is 9, and this edviz reads 2"),
    ] {
      try AtomicFile.write(Array(text.utf8), to: run + "/state.json")
      #expect(throws: TrainingError.damagedRun(path: run + "/state.json", reason: reason)) {
        try SmallRun.run(in: run, .resumed)
      }
    }
  }
}
