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
  /// Weight of the share of positions that carry S: the squared sum of S over positions, over their number times the sum of
  /// squares (the participation ratio; 1 for a map that is the same everywhere, a for one that is constant on a share a of
  /// the image and 0 elsewhere).
  public let spread: Float

  /// A penalty.
  public init(node: Graph.NodeID, activity: Float = 0, curvature: Float = 0, spread: Float = 0) {
    self.node = node
    self.activity = activity
    self.curvature = curvature
    self.spread = spread
  }

  /// The gradient of the penalty's mean over images with respect to the map, [N, H, W, C]. Where a value is 0, its ReLU lets
  /// none of it through.
  public func gradient(of map: Tensor) -> Tensor {
    let positions = map.height * map.width
    let weight = 1 / Float(map.batch)
    guard curvature > 0 || spread > 0 else {
      return Tensor(repeating: weight * activity / Float(positions), shape: map.shape)
    }
    let sums = map.channelSum()
    let slopes = Tensor(shape: sums.shape) { slopes in
      slopes.update(repeating: weight * activity / Float(positions))
      for start in stride(from: 0, to: sums.count, by: positions) {
        let image = start..<start + positions
        let total = image.reduce(0) { $0 + sums[$1] }
        guard total > 0 else { continue }
        let slopes = UnsafeMutableBufferPointer(rebasing: slopes[image])
        let mean = total / Float(positions)
        bend(slopes, by: 2 * weight * curvature / (Float(positions) * mean * mean), width: map.width) {
          sums[start + $0]
        }
        let squares = image.reduce(0) { $0 + sums[$1] * sums[$1] }
        let share = total / squares * total / Float(positions)
        for place in slopes.indices {
          slopes[place] += weight * spread * 2 * share * (1 / total - sums[start + place] / squares)
        }
      }
    }
    return slopes.channelSumGradient(channels: map.channels)
  }

  /// Adds to an image's slopes those of its second differences.
  private func bend(
    _ slopes: UnsafeMutableBufferPointer<Float>, by factor: Float, width: Int, of sum: (Int) -> Float
  ) {
    guard factor > 0 else { return }
    func add(_ at: Int, _ step: Int) {
      let bend = factor * (sum(at - step) - 2 * sum(at) + sum(at + step))
      slopes[at - step] += bend
      slopes[at] -= 2 * bend
      slopes[at + step] += bend
    }
    let height = slopes.count / width
    for y in 0..<height {
      for x in 0..<width {
        let at = y * width + x
        if x > 0, x + 1 < width { add(at, 1) }
        if y > 0, y + 1 < height { add(at, width) }
      }
    }
  }
}
