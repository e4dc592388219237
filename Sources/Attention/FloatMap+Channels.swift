import Images
import Tensors

extension FloatMap {
  /// One channel of the first image of an activation [N, h, w, C].
  public static func channel(_ channel: Int, of activation: Tensor) -> FloatMap {
    precondition((0..<activation.channels).contains(channel), "the activation has the channel")
    let (height, width, channels) = (activation.height, activation.width, activation.channels)
    return activation.withUnsafeElements { elements in
      FloatMap(
        width: width, height: height, values: (0..<height * width).map { elements[$0 * channels + channel] })
    }
  }

  /// The mean over the channels of the first image of an activation: its depth sum over their number.
  public static func channelMean(of activation: Tensor) -> FloatMap {
    var map = depthSums(of: activation)[0]
    let channels = Float(activation.channels)
    map.values = map.values.map { $0 / channels }
    return map
  }
}
