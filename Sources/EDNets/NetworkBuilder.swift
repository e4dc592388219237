import Networks
import Tensors

/// Adds layers to a graph and remembers how many channels each value has.
public struct NetworkBuilder {
  private(set) var graph = Graph()
  private var channels: [Graph.NodeID: Int] = [:]

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
    let norm = BatchNormalization(name: names.norm, channels: outputs, momentum: momentum)
    return append(
      norm, append(layer, input, channels: outputs), channels: outputs)
  }

  /// Adds a convolution padded by half of its kernel, and a batch normalisation.
  public mutating func convolution(
    _ input: Graph.NodeID, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
    _ names: (name: String, norm: String), momentum: Float = 0.1
  ) -> Graph.NodeID {
    let geometry = ConvolutionGeometry(kernel: kernel, stride: stride, padding: kernel / 2, groups: groups)
    return convolution(input, outputs, geometry, names, momentum: momentum)
  }

  /// Adds a fully connected layer.
  public mutating func linear(_ input: Graph.NodeID, _ outputs: Int, name: String) -> Graph.NodeID {
    append(
      Linear(name: name, inputs: channels(of: input), outputs: outputs), input, channels: outputs)
  }

  /// Adds max(x, 0).
  public mutating func relu(_ input: Graph.NodeID) -> Graph.NodeID { append(ReLU(), input) }
}
