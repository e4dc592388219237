import Images
import Tensors

extension FloatMap {
  /// The depth sum of each image's activation [N, h, w, C]: "added up through the depth direction to get a 2-D
  /// matrix" (paper, section III-B, after SCDA).
  public static func depthSums(of activation: Tensor) -> [FloatMap] {
    let sums = activation.channelSum()
    let (height, width) = (activation.height, activation.width)
    return sums.withUnsafeElements { elements in
      (0..<activation.batch).map { n in
        FloatMap(
          width: width, height: height,
          values: Array(elements[n * height * width..<(n + 1) * height * width]))
      }
    }
  }
}
