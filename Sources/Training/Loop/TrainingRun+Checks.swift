import Datasets
import EDNets
import Files
import Networks
import Tensors

extension TrainingRun {
  /// Makes sure that a batch can be learnt from.
  static func check(_ batch: Batch, _ train: BatchFeed, _ network: Network, _ recipe: Recipe) throws {
    try checkMemory(batch.images.shape, network)
    try checkPlaces(batch, network, recipe)
    var fitting: [Int] = []
    try train.check(batch, fits: network, unlike: &fitting)
  }

  /// What a convolution makes is kept until the backward pass, and its gradient is as large: a lower bound, so that only
  /// what cannot succeed is refused.
  private static func checkMemory(_ shape: [Int], _ network: Network) throws(TrainingError) {
    let kept = network.graph.shapes(input: shape).filter { node, _ in
      if case .convolution = network.graph[node].operation { true } else { false }
    }.values.reduce(0) { $0 + $1.reduce(MemoryLayout<Float>.stride, *) }
    guard kept <= PhysicalMemory.usable else {
      throw .needsMemory(bytes: kept, available: PhysicalMemory.usable, batch: shape)
    }
  }

  /// The last map must be as fine as a teacher's features, or finer by a whole number.
  private static func checkPlaces(
    _ batch: Batch, _ network: Network, _ recipe: Recipe
  ) throws(TrainingError) {
    guard let features = batch.features else { return }
    let block = network.blocks[network.blocks.count - 1]
    let map = network.graph.shapes(input: batch.images.shape)[block.output] ?? []
    guard map.count == 4, map[1] > 0, map[2] > 0, map[1] % features.height == 0, map[2] % features.width == 0
    else {
      throw .teacherPlaces(path: recipe.teacher?.labels ?? "", map: map, features: features.shape)
    }
  }
}
