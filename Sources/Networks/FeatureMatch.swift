import Tensors

/// Another network's features, which a map is to hold place by place: a 1×1 convolution, which belongs to training alone, predicts
/// them from the map (FitNets: Romero et al., "Hints for thin deep nets", 2015). It asks the map what is where in a picture,
/// of which the label of a whole picture says nothing.
public final class FeatureMatch {
  /// The network's graph and the prediction.
  public let graph: Graph
  /// The predicted features, [N, H, W, features].
  public let node: Graph.NodeID
  /// Weights of the prediction, [features, channels, 1, 1]; 0 at first.
  public let parameter: Parameter
  private let weight: Float
  private let power: Float

  /// A match of a map of `channels` channels.
  /// - Parameters:
  ///   - weight: what the loss is multiplied by.
  ///   - power: the mean over places of the squared length of the other network's features, by which the loss is divided.
  public init(_ graph: Graph, map: Graph.NodeID, channels: Int, features: Int, weight: Float, power: Float) {
    precondition(power > 0 && features > 0, "features that are 0 everywhere say nothing")
    let layer = Convolution(
      name: "teacher.features", inputs: channels, outputs: features, geometry: ConvolutionGeometry(kernel: 1))
    layer.weight.value = Tensor(repeating: 0, shape: layer.weight.shape)
    var graph = graph
    node = graph.append(.convolution(layer), map)
    self.graph = graph
    parameter = layer.weight
    self.weight = weight
    self.power = power
  }

  /// The loss: the squared length of the difference to the features [N, h, w, C], as a mean over places of the prediction and
  /// divided by their power, times the weight; and its gradient with respect to the prediction, [N, H, W, C]. Where the sides
  /// differ, the features are interpolated.
  public func evaluate(_ predicted: Tensor, features: Tensor) -> (value: Double, gradient: Tensor) {
    let features = features.resizedBilinear(
      to: Size2D(height: predicted.height, width: predicted.width))
    precondition(predicted.shape == features.shape, "\(predicted.shape) does not hold \(features.shape)")
    let factor = weight / (Float(predicted.count / predicted.channels) * power)
    var sum = 0.0
    let slopes = Tensor(shape: predicted.shape) { slopes in
      predicted.withUnsafeElements { predicted in
        features.withUnsafeElements { features in
          for i in slopes.indices {
            let difference = predicted[i] - features[i]
            sum += Double(difference * difference)
            slopes[i] = 2 * factor * difference
          }
        }
      }
    }
    return (Double(factor) * sum, slopes)
  }
}
