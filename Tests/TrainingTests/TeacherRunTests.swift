import Checkpoints
import Datasets
import EDNets
import Files
import Images
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

  /// What `recipe.feeds()` gives: each place of the features holds as much of the picture before as pixels of it do, and is
  /// mirrored where they are. What was mixed and mirrored is read from the pixels.
  @Test func featuresAreMixedAsThePixelsAre() throws {
    let folder = try TemporaryFolder()
    let (width, height, columns, rows, channels, count) = (12, 8, 3, 2, 2, 9)
    var generator = SeededGenerator(seed: 6)
    for position in 0..<count {
      let pixels = (0..<width * height * 3).map { _ in UInt8(generator.uniform() * 255) }
      try AtomicFile.write(
        Image(width: width, height: height, pixels: pixels).encodedPNG(),
        to: "\(folder.path)/data/\("abc".dropFirst(position / 3).prefix(1))/\(position).png")
    }
    let values = (0..<count * rows * columns * channels).map { _ in Float(generator.normal()) }
    var file = try Checkpoint([
      ("logits", Tensor(repeating: 0, shape: [count, 1, 1, 3])),
      ("features", Tensor(values, shape: [count, rows, columns, channels])),
    ])
    let names = (0..<count).map { "\"\($0).png\"" }.joined(separator: ",")
    file.metadata = ["pictures": "[\(names)]", "classes": #"["a", "b", "c"]"#]
    try file.write(to: folder.path + "/teacher.safetensors")
    var recipe = Self.recipe(features: 1, folder)
    recipe.data.train = DatasetSource(path: folder.path + "/data")
    recipe.batch = 4

    func batches(cutMix: Double, _ augmentation: Augmentation) throws -> [Batch] {
      recipe.cutMix = cutMix
      recipe.augmentation = augmentation
      let feed = try recipe.feeds().train
      #expect(feed.features?.channels == channels)
      return try (0..<4).flatMap { epoch -> [Batch] in
        let next = try feed.open(epoch, 0, [])
        return try (0..<feed.batches).map { _ in try #require(try next()) }
      }
    }
    let flips = Augmentation([.horizontalFlip(HorizontalFlip())])
    let (mixed, whole) = (try batches(cutMix: 1, flips), try batches(cutMix: 0, flips))
    let upright = try batches(cutMix: 0, Augmentation([]))
    var (mirrored, partial) = (0, 0)
    for (batch, (own, plain)) in zip(mixed, zip(whole, upright)) {
      #expect(batch.positions == own.positions && batch.positions == plain.positions)
      func pixel(_ images: Tensor, _ image: Int, _ y: Int, _ x: Int) -> [Float] {
        (0..<3).map { images[((image * height + y) * width + x) * 3 + $0] }
      }
      func isMirrored(_ image: Int) -> Bool {
        pixel(own.images, image, 0, 0) != pixel(plain.images, image, 0, 0)
      }
      func feature(_ image: Int, _ row: Int, _ column: Int, _ channel: Int) -> Float {
        let x = isMirrored(image) ? columns - 1 - column : column
        return values[((batch.positions[image] * rows + row) * columns + x) * channels + channel]
      }
      let features = try #require(batch.features)
      #expect(features.shape == [batch.count, rows, columns, channels])
      for image in 0..<batch.count {
        if isMirrored(image) { mirrored += 1 }
        let before = (image + batch.count - 1) % batch.count
        for (row, column) in (0..<rows).flatMap({ row in (0..<columns).map { (row, $0) } }) {
          // A cell is of 4 × 4 pixels.
          var others = 0
          for (y, x) in (0..<16).map({ (4 * row + $0 / 4, 4 * column + $0 % 4) }) {
            let seen = pixel(batch.images, image, y, x)
            if seen != pixel(own.images, image, y, x) {
              others += 1
              #expect(seen == pixel(own.images, before, y, x))
            }
          }
          if (1..<16).contains(others) { partial += 1 }
          let share = Float(others) / 16
          for channel in 0..<channels {
            let expected =
              (1 - share) * feature(image, row, column, channel) + share
              * feature(before, row, column, channel)
            // Sums of two products of numbers of about 1.
            let found = features[((image * rows + row) * columns + column) * channels + channel]
            #expect(abs(found - expected) < 1e-5, "image \(image) of batch \(batch.index), \(row), \(column)")
          }
        }
      }
    }
    #expect(mirrored > 5 && partial > 5)
  }
}
