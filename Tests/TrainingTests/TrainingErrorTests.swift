import Testing
import Training

@Suite struct TrainingErrorTests {
  static let sentences: [(TrainingError, String)] = [
    (.unreadableRecipe(path: "r.yaml", reason: "x"), "r.yaml: is not a recipe: x"),
    (
      .unknownField(path: "r.yaml", field: "a.b", nearest: ["c", "d"]),
      "r.yaml: 'a.b' means nothing in a recipe; the nearest are c, d"
    ),
    (.field(path: "r.yaml", field: "batch", reason: "is missing"), "r.yaml: batch is missing"),
    (
      .differentClasses(train: "t", validation: "v", reason: "'b' instead of 'a'"),
      "v: has other classes than t: 'b' instead of 'a'"
    ),
    (
      .nothingLoaded(path: "w.pth", tensors: ["net.a", "net.b"], wanted: ["a"]),
      "w.pth: none of its 2 tensors ('net.a' …) has name and shape of one of the network's 1 ('a' …), so that nothing "
        + "would be loaded"
    ),
    (.unknownClasses(path: "d", reason: "x"), "d: does not fit the model: x"),
    (.runExists(folder: "o"), "o: holds a run already (--resume continues it, --force replaces it)"),
    (.noRun(folder: "o"), "o: holds no saved run to continue"),
    (.runInUse(folder: "o"), "o: another process is at work on the run in it"),
    (.dataChanged(folder: "o", reason: "x"), "o: cannot be continued with other data: x"),
    (
      .recipeChanged(folder: "o", field: "seed", was: "0", now: "1"),
      "o: cannot be continued with another recipe: seed was 0 and is 1 now"
    ),
    (.damagedRun(path: "o/state.json", reason: "x"), "o/state.json: cannot be continued from: x"),
    (
      .needsMemory(bytes: 3 << 30, available: 1 << 30, batch: [64, 224, 225, 3]),
      "a batch of 64 images of 224 × 225 pixels would take more than 3072 MiB, and there are 1024; choose a smaller "
        + "batch, and as much more accumulate"
    ),
    (
      .diverged(.init(what: "the loss", epoch: 2, step: 7, rate: 0.5, saved: 4)),
      "the loss is not finite at step 7 (epoch 2, learning rate 0.5); the state of step 4 is kept; "
        + "a lower rate or a longer warm-up may help"
    ),
    (
      .diverged(.init(what: "a parameter", epoch: 1, step: 1, rate: 0.5, saved: nil)),
      "a parameter is not finite at step 1 (epoch 1, learning rate 0.5); nothing was saved before; "
        + "a lower rate or a longer warm-up may help"
    ),
  ]

  @Test(arguments: sentences)
  func errorsAreOneSentence(error: TrainingError, sentence: String) {
    #expect(error.description == sentence)
  }
}
