import Networks
import Tensors

extension NetworkBuilder {
  /// The images, the convolutions of the stem and its pooling. Those of a deep stem have timm's names: `conv1.0`, `conv1.3`,
  /// `conv1.6` with `conv1.1`, `conv1.4` and `bn1` behind them. Before pre-activated blocks the last one stands alone.
  mutating func stem(
    _ stem: NetworkDescription.Stem, _ antialias: NetworkDescription.Antialias?, isPreactivated: Bool
  ) -> Graph.NodeID {
    var x = input(channels: stem.channels)
    for (index, filters) in stem.deep.enumerated() {
      let names = ("conv1.\(3 * index)", "conv1.\(3 * index + 1)")
      x = activated(
        convolution(x, filters, kernel: stem.kernel, stride: index == 0 ? stem.stride : 1, names))
    }
    let name = stem.deep.isEmpty ? "conv1" : "conv1.\(3 * stem.deep.count)"
    let stride = stem.deep.isEmpty ? stem.stride : 1
    if isPreactivated {
      let geometry = ConvolutionGeometry(kernel: stem.kernel, stride: stride, padding: stem.kernel / 2)
      x = convolution(x, stem.filters, geometry, name: name)
    } else {
      x = activated(
        convolution(x, stem.filters, kernel: stem.kernel, stride: stride, (name, "bn1")))
    }
    guard stem.maxPool else { return x }
    func largest(stride: Int) -> MaxPool {
      MaxPool(ConvolutionGeometry(kernel: 3, stride: stride, padding: 1))
    }
    switch antialias {
    case nil: return append(largest(stride: 2), x)
    case .blur:
      return append(Blur(stride: 2), append(largest(stride: 1), x))
    case .average: return append(AveragePool(ConvolutionGeometry(kernel: 2, stride: 2)), x)
    }
  }
}
