import Tensors

/// Statistics of one branch of one block over many pictures, in memory that does not grow with their number.
public struct BranchStatistics: Sendable {
  /// Whether values cannot be below 0, because they come from a ReLU.
  public let isRectified: Bool
  /// Pictures so far.
  public private(set) var pictures = 0
  /// Pictures that were left out because some of their values are not finite.
  public private(set) var notFinite = 0
  /// Pictures whose depth sum is nowhere above 0, and so has no entropy.
  public private(set) var withoutPositivePart = 0
  /// Statistics of each channel.
  public private(set) var channels: [ValueStatistics] = []
  /// Share of values above 0 of each picture.
  public private(set) var positiveShares = ShareDistribution()
  /// Hoyer's sparsity of each picture.
  public private(set) var sparsity = ShareDistribution()
  /// Spatial entropy of each picture's depth sum, in bits.
  public private(set) var entropy = RunningMean()
  /// The same over that of an even map.
  public private(set) var relativeEntropy = ShareDistribution()

  /// Share of the variance of each picture's depth sum that is a chessboard.
  public private(set) var chessboard = ShareDistribution()
  /// The same of what alternates from column to column, and from row to row.
  public private(set) var chessboardColumns = RunningMean(), chessboardRows = RunningMean()
  /// What that share is expected to be of white noise on maps of the same sizes.
  public private(set) var whiteNoise = RunningMean()

  init(isRectified: Bool) { self.isRectified = isRectified }

  /// Adds a batch of activations [N, h, w, C].
  /// - Returns: what each picture's is like; nil for pictures whose values are not all finite, which are left out.
  mutating func add(_ activation: Tensor) -> [PictureActivation?] {
    let sums = activation.channelSums()
    let depthSums = activation.channelSum()
    let entropies = depthSums.spatialEntropies()
    let (height, width) = (activation.height, activation.width)
    if channels.isEmpty { channels = Array(repeating: ValueStatistics(), count: sums.channels) }
    return (0..<sums.batch).map { image in
      let values = (0..<sums.channels).map { ValueStatistics(sums, image: image, channel: $0) }
      let all = values.reduce(into: ValueStatistics()) { $0.add($1) }
      let chessboard = depthSums.withUnsafeElements { elements in
        Chessboard(
          UnsafeBufferPointer(rebasing: elements[image * sums.positions..<(image + 1) * sums.positions]),
          width: width, height: height)
      }
      guard
        let picture = PictureActivation(
          all, cells: sums.positions, entropy: entropies[image], chessboard: chessboard)
      else {
        notFinite += 1
        return nil
      }
      add(picture)
      for channel in values.indices { channels[channel].add(values[channel]) }
      return picture
    }
  }

  private mutating func add(_ picture: PictureActivation) {
    pictures += 1
    positiveShares.add(picture.positiveShare)
    if let hoyer = picture.hoyer { sparsity.add(hoyer) }
    if let bits = picture.entropy { entropy.add(bits) } else { withoutPositivePart += 1 }
    if let share = picture.relativeEntropy { relativeEntropy.add(share) }
    if let found = picture.chessboard {
      chessboard.add(found.share)
      chessboardColumns.add(found.columns)
      chessboardRows.add(found.rows)
      whiteNoise.add(found.whiteNoise)
    }
  }

  /// Statistics of the values of all channels together.
  public var total: ValueStatistics { channels.reduce(into: ValueStatistics()) { $0.add($1) } }

  /// For each channel whether it says nothing: never above 0 in any picture if the branch is rectified, else always the
  /// same, its standard deviation being at most a millionth of the branch's root mean square.
  public var deadChannels: [Bool] {
    let level = 1e-6 * total.rootMeanSquare
    return channels.map { isRectified ? $0.positive == 0 : $0.standardDeviation <= level }
  }
}
