import Networks
import Tensors

/// Adds layers to a graph and remembers how many channels each value has.
public struct NetworkBuilder {
  private(set) var graph = Graph()
  private var channels: [Graph.NodeID: Int] = [:]
  private let activation: Activation
  private let epsilon: Float

  /// A builder of a network with this activation and this epsilon in its normalisations.
  init(activation: Activation, epsilon: Float) {
    self.activation = activation
    self.epsilon = epsilon
  }

  mutating func input(channels count: Int) -> Graph.NodeID {
    let id = graph.append(Input())
    channels[id] = count
    return id
  }

  /// Channels of a node's value.
  public func channels(of id: Graph.NodeID) -> Int { channels[id, default: 0] }

  /// Adds a node whose value has `count` channels, or as many as its first input.
  public mutating func append(
    _ operation: any Operation, _ inputs: Graph.NodeID..., channels count: Int? = nil
  ) -> Graph.NodeID {
    append(operation, inputs, channels: count)
  }

  /// Adds a node whose value has `count` channels, or as many as its first input.
  public mutating func append(
    _ operation: any Operation, _ inputs: [Graph.NodeID], channels count: Int? = nil
  ) -> Graph.NodeID {
    let id = graph.append(operation, inputs)
    channels[id] = count ?? channels(of: inputs[0])
    return id
  }

  /// Adds a convolution and a batch normalisation.
  public mutating func convolution(
    _ input: Graph.NodeID, _ outputs: Int, _ geometry: ConvolutionGeometry,
    _ names: (name: String, norm: String),
    momentum: Float = 0.1
  ) -> Graph.NodeID {
    let layer = Convolution(
      name: names.name, inputs: channels(of: input), outputs: outputs, geometry: geometry)
    let norm = BatchNormalization(name: names.norm, channels: outputs, momentum: momentum, epsilon: epsilon)
    return append(
      norm, append(layer, input, channels: outputs), channels: outputs)
  }

  /// Adds a convolution padded by half of its window, and a batch normalisation.
  public mutating func convolution(
    _ input: Graph.NodeID, _ outputs: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
    _ names: (name: String, norm: String), momentum: Float = 0.1
  ) -> Graph.NodeID {
    let geometry = ConvolutionGeometry(
      kernel: kernel, stride: stride, padding: kernel / 2 * dilation, dilation: dilation, groups: groups)
    return convolution(input, outputs, geometry, names, momentum: momentum)
  }

  /// Adds a batch normalisation and the activation.
  mutating func normalized(_ input: Graph.NodeID, _ name: String) -> Graph.NodeID {
    let norm = BatchNormalization(name: name, channels: channels(of: input), epsilon: epsilon)
    return activated(append(norm, input))
  }

  /// Adds a convolution alone.
  mutating func convolution(
    _ input: Graph.NodeID, _ outputs: Int, _ geometry: ConvolutionGeometry, name: String
  ) -> Graph.NodeID {
    let layer = Convolution(
      name: name, inputs: channels(of: input), outputs: outputs, geometry: geometry)
    return append(layer, input, channels: outputs)
  }

  /// Adds a numbered convolution of F, padded by half of its window, with the normalisation and activation that come before the
  /// next one. The last one has its normalisation alone; where those stand before convolutions, the next one's or none.
  mutating func layer(
    _ number: Int, isLast: Bool = false, _ input: Graph.NodeID, _ outputs: Int, kernel: Int, stride: Int = 1,
    dilation: Int = 1, groups: Int = 1, in block: BlockShape
  ) -> Graph.NodeID {
    let name = "\(block.name).conv_conv\(number)"
    guard block.isPreactivated else {
      let result = convolution(
        input, outputs, kernel: kernel, stride: stride, dilation: dilation, groups: groups,
        (name, "\(block.name).bn_bn\(number)"))
      return isLast ? result : activated(result)
    }
    let geometry = ConvolutionGeometry(
      kernel: kernel, stride: stride, padding: kernel / 2 * dilation, dilation: dilation, groups: groups)
    let result = convolution(input, outputs, geometry, name: name)
    return isLast ? result : normalized(result, "\(block.name).bn_bn\(number + 1)")
  }

  /// Adds a fully connected layer.
  public mutating func linear(_ input: Graph.NodeID, _ outputs: Int, name: String) -> Graph.NodeID {
    append(
      Linear(name: name, inputs: channels(of: input), outputs: outputs), input, channels: outputs)
  }

  /// Adds the network's activation.
  public mutating func activated(_ input: Graph.NodeID) -> Graph.NodeID {
    activation == .relu ? relu(input) : append(Activate(activation), input)
  }

  /// Adds what takes the step of a block's F behind its 3×3 convolution, if anything does.
  mutating func antialiased(_ input: Graph.NodeID, in block: BlockShape) -> Graph.NodeID {
    guard block.isAntialiased else { return input }
    switch block.antialias {
    case .blur: return append(Blur(stride: block.stride), input)
    case .average where block.stride > 1:
      return append(AveragePool(.mean(stride: block.stride), countsPadding: false), input)
    case .average, nil: return input
    }
  }

  /// Adds max(x, 0).
  public mutating func relu(_ input: Graph.NodeID) -> Graph.NodeID { append(ReLU(), input) }
}
