import Datasets
import EDNets
import Files
import Networks
import Tensors

extension TrainingRun {
  /// Makes sure that a batch can be learnt from.
  static func check(_ batch: Batch, _ train: BatchFeed, _ network: Network) throws {
    try checkMemory(batch.images.shape, network)
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
}
