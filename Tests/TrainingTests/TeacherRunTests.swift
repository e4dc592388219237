import Checkpoints
import Datasets
import EDNets
import Files
import Networks
import Tensors
import Testing

@testable import Training

/// Runs in which the last block's output is to hold a teacher's features.
@Suite struct TeacherRunTests {
  /// Parts whose batches have made-up features of 2 channels at 2 × 2 places.
  private static func parts(_ folder: TemporaryFolder, side: Int = 2) throws -> TrainingRun.Parts {
    let train = ColorDataset(count: 15)
    var generator = SeededGenerator(seed: 2)
    let features = (0..<15 * side * side * 2).map { _ in Float(generator.normal()) }
    var file = try Checkpoint([
      ("logits", Tensor(repeating: 0, shape: [15, 1, 1, 3])),
      ("features", Tensor(features, shape: [15, side, side, 2])),
    ])
    let names = (0..<15).map { #""\#(train.name(at: $0))""# }.joined(separator: ",")
    file.metadata = ["pictures": "[\(names)]", "classes": #"["red", "green", "blue"]"#]
    let path = folder.path + "/teacher.safetensors"
    try file.write(to: path)
    var parts = SmallRun.parts(learner: TrainingRun.Parts.standard.learner)
    parts.feeds = { recipe in
      var options = BatchLoader.Options(
        batchSize: recipe.batch, seed: recipe.seed, augmentation: recipe.augmentation)
      let labels = try TeacherLabels(contentsOf: path, for: train, givesFeatures: true)
      options.teacher = BatchLoader.Teacher(labels, .softmax, share: 0)
      var feed = BatchFeed(try BatchLoader(train, options: options), path: "train")
      feed.features = labels.features
      return (feed, nil)
    }
    return parts
  }

  private static func recipe(features: Float, _ folder: TemporaryFolder) -> Recipe {
    var recipe = SmallRun.recipe()
    recipe.data.validation = nil
    recipe.teacher = Recipe.Teacher(
      labels: folder.path + "/teacher.safetensors", share: 0, features: features)
    return recipe
  }

  private static func weights(_ run: String) throws -> [String: [Float]] {
    let file = try Checkpoint(contentsOf: run + "/last.safetensors")
    return try Dictionary(uniqueKeysWithValues: file.map { ($0.name, try $0.tensor().elements) })
  }

  /// The prediction of the features is no part of the network, and goes on where it was.
  @Test func brokenRunsEndAsUnbrokenOnes() throws {
    let folder = try TemporaryFolder()
    let parts = try Self.parts(folder)
    let recipe = Self.recipe(features: 1, folder)
    try SmallRun.run(recipe, in: folder.path + "/whole", parts: parts)
    let whole = try Self.weights(folder.path + "/whole")
    #expect(whole.keys.allSatisfy { !$0.contains("teacher") })
    _ = try Model(checkpoint: Checkpoint(contentsOf: folder.path + "/whole/last.safetensors"))
    for step in [1, 4, 7] {
      let run = folder.path + "/\(step)"
      #expect(try SmallRun.run(recipe, in: run, stopAfter: step, parts: parts).reason == .stopped)
      #expect(try SmallRun.run(recipe, in: run, .resumed, parts: parts).reason == .finished)
      #expect(try Self.weights(run) == whole, "stopped after step \(step)")
    }
    // Without its weight another network is learnt.
    try SmallRun.run(Self.recipe(features: 0, folder), in: folder.path + "/without", parts: parts)
    #expect(try Self.weights(folder.path + "/without") != whole)
  }

  /// The last map, of 4 × 4 cells, need not be a multiple of the features' places.
  @Test func placesNeedNotFit() throws {
    let folder = try TemporaryFolder()
    let parts = try Self.parts(folder, side: 3)
    try SmallRun.run(Self.recipe(features: 1, folder), in: folder.path + "/run", parts: parts)
    try SmallRun.run(Self.recipe(features: 0, folder), in: folder.path + "/without", parts: parts)
    #expect(try Self.weights(folder.path + "/run") != Self.weights(folder.path + "/without"))
  }
}
