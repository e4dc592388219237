import Datasets
import Networks

extension TrainingRun.Parts {
  /// The engine and the data of the recipe.
  static var standard: Self {
    Self(
      feeds: { try $0.feeds() },
      fill: { Initializer.fill($0, seed: $1) },
      learner: { network, groups, rule, penalty, match in
        Trainer(
          network.graph, logits: network.logits, groups: groups, rule: rule, penalty: penalty, match: match)
      })
  }
}

extension Recipe {
  /// Loaders of the pictures to learn from and to check with, which share the memory for decoded pictures.
  func feeds() throws -> (train: BatchFeed, validation: BatchFeed?) {
    let cache = cacheMegabytes << 20
    let pictures = try data.train.open()
    var options = BatchLoader.Options(
      batchSize: batch, seed: seed, augmentation: augmentation, normalization: try input.normalization(),
      labelSmoothing: labelSmoothing, cutMix: cutMix > 0 ? CutMix(share: cutMix) : nil,
      cacheBytes: cache / 4 * 3, tolerance: maxUnreadable)
    options.teacher = try teacher.map {
      BatchLoader.Teacher(
        try TeacherLabels(contentsOf: $0.labels, for: pictures, givesFeatures: $0.features > 0),
        loss == .sigmoid ? .sigmoid : .softmax,
        share: $0.share)
    }
    let loader = try BatchLoader(pictures, options: options)
    let validation = try data.validation.map {
      try BatchFeed(
        evaluating: $0, part: .val, preprocessing: input, batch: batch, cacheBytes: cache / 4,
        maxUnreadable: maxUnreadable)
    }
    var train = BatchFeed(loader, path: data.train.path)
    train.features = options.teacher?.labels.features
    return (train, validation)
  }
}
