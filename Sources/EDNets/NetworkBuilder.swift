import Networks
import Tensors

/// Adds layers to a graph and remembers how many channels each value has.
struct NetworkBuilder {
  private(set) var graph = Graph()
  private var channels: [Graph.NodeID: Int] = [:]

  mutating func input(channels count: Int) -> Graph.NodeID {
    let id = graph.append(.input)
    channels[id] = count
    return id
  }

  func channels(of id: Graph.NodeID) -> Int { channels[id, default: 0] }

  /// Adds a node whose value has `count` channels, or as many as its first input.
  mutating func append(
    _ operation: Operation, _ inputs: Graph.NodeID..., channels count: Int? = nil
  ) -> Graph.NodeID {
    let id: Graph.NodeID
    switch inputs.count {
    case 1: id = graph.append(operation, inputs[0])
    case 2: id = graph.append(operation, inputs[0], inputs[1])
    default: id = graph.append(operation, inputs[0], inputs[1], inputs[2])
    }
    channels[id] = count ?? channels(of: inputs[0])
    return id
  }

  /// Convolution and batch normalisation.
  mutating func convolution(
    _ input: Graph.NodeID, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1, name: String,
    norm: String
  ) -> Graph.NodeID {
    let layer = Convolution(
      name: name, inputs: channels(of: input), outputs: outputs,
      geometry: ConvolutionGeometry(kernel: kernel, stride: stride, padding: kernel / 2, groups: groups))
    let convolved = append(.convolution(layer), input, channels: outputs)
    return append(.batchNormalization(BatchNormalization(name: norm, channels: outputs)), convolved)
  }

  mutating func relu(_ input: Graph.NodeID) -> Graph.NodeID { append(.relu, input) }
}
