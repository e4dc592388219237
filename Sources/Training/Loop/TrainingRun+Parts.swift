import Networks

extension TrainingRun.Parts {
  /// The engine and the data of the recipe.
  static var standard: Self {
    Self(
      feeds: { try $0.feeds() },
      fill: { Initializer.fill($0, seed: $1) },
      learner: { network, groups, rule in
        Trainer(network.graph, logits: network.logits, groups: groups, rule: rule)
      })
  }
}

extension Recipe {
  func feeds() throws -> (train: BatchFeed, validation: BatchFeed?) { fatalError("pending") }
}
