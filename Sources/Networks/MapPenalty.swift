import Tensors

/// What a map behind a ReLU costs beside the loss, judged by its depth sum S.
public struct MapPenalty: Sendable {
  /// The map.
  public let node: Graph.NodeID
  /// Weight of the mean of S over positions (L1 activity regularisation): a network that pays for every activation is
  /// quiet where nothing is to be said.
  public let activity: Float
  /// Weight of the mean square of the second differences of S along rows and columns, S being divided by its mean over the
  /// image, which is held constant. Alternating values, as transposed convolutions of step 2 make them, cost most; what is
  /// wide and smooth costs little.
  public let curvature: Float

  /// A penalty.
  public init(node: Graph.NodeID, activity: Float = 0, curvature: Float = 0) {
    self.node = node
    self.activity = activity
    self.curvature = curvature
  }

  /// The gradient of the penalty's mean over images with respect to the map, [N, H, W, C]. Where a value is 0, its ReLU lets
  /// none of it through.
  public func gradient(of map: Tensor) -> Tensor {
    let (images, height, width) = (map.batch, map.height, map.width)
    let positions = height * width
    guard curvature > 0 else {
      return Tensor(repeating: activity / Float(images * positions), shape: map.shape)
    }
    let sums = map.channelSum()
    let slopes = Tensor(shape: sums.shape) { slopes in
      slopes.update(repeating: activity / Float(images * positions))
      for start in stride(from: 0, to: sums.count, by: positions) {
        let mean = (start..<start + positions).reduce(0) { $0 + sums[$1] } / Float(positions)
        guard mean > 0 else { continue }
        let factor = 2 * curvature / (Float(images * positions) * mean * mean)
        func add(_ at: Int, _ step: Int) {
          let bend = factor * (sums[at - step] - 2 * sums[at] + sums[at + step])
          slopes[at - step] += bend
          slopes[at] -= 2 * bend
          slopes[at + step] += bend
        }
        for y in 0..<height {
          for x in 0..<width {
            let at = start + y * width + x
            if x > 0, x + 1 < width { add(at, 1) }
            if y > 0, y + 1 < height { add(at, width) }
          }
        }
      }
    }
    return slopes.channelSumGradient(channels: map.channels)
  }
}
