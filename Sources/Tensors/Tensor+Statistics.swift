import CKernels

/// Sums over the positions of each channel of each image, in double precision.
public struct ChannelSums: Sendable {
  /// Images.
  public let batch: Int
  /// Positions of a map.
  public let positions: Int
  /// Channels.
  public let channels: Int
  /// [N, 4, C], in the order of `Kind`.
  private let values: [Double]

  /// What is summed.
  public enum Kind: Int, Sendable {
    /// Σ x.
    case sum
    /// Σ x².
    case square
    /// Σ |x|.
    case absolute
    /// Number of x > 0.
    case positive
  }

  init(_ activation: Tensor) {
    let (batch, channels) = (activation.batch, activation.channels)
    let positions = activation.height * activation.width
    (self.batch, self.positions, self.channels) = (batch, positions, channels)
    values = [Double](unsafeUninitializedCapacity: batch * 4 * channels) { target, count in
      if let start = target.baseAddress {
        edviz_channel_sums(
          start, activation.storage.pointer, Int64(batch), Int64(positions), Int64(channels))
      }
      count = batch * 4 * channels
    }
  }

  /// A sum over one channel of one image.
  public subscript(image: Int, kind: Kind, channel: Int) -> Double {
    values[(image * 4 + kind.rawValue) * channels + channel]
  }
}

extension Tensor {
  /// Sums over the positions of each channel of each image of an activation [N, H, W, C].
  public func channelSums() -> ChannelSums { ChannelSums(self) }

  /// The spatial entropy of each map of [N, H, W], in bits: −Σ p log₂ p, where p is the map's positive part over its sum.
  /// NaN for a map that is nowhere above 0.
  public func spatialEntropies() -> [Float] {
    [Float](unsafeUninitializedCapacity: batch) { target, count in
      if let start = target.baseAddress {
        edviz_spatial_entropy(start, storage.pointer, Int64(batch), Int64(self.count / batch))
      }
      count = batch
    }
  }
}
