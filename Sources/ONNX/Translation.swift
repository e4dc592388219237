import Networks
import Tensors

/// A network's graph on its way to ONNX: node after node, in the order of computation.
struct Translation {
  let network: Graph
  /// Rows and columns of all images; nil for any.
  let inputSize: Size2D?
  /// Shapes [N, H, W, C]. Where any size is allowed they are those of a usual one, and only channels mean something.
  let shapes: [Graph.NodeID: [Int]]
  var builder: GraphBuilder
  /// The names of computed values.
  private(set) var values: [Graph.NodeID: String] = [:]

  private let outputs: [ONNXModel.Output]
  /// The names that outputs give to values.
  private var wanted: [Graph.NodeID: String] = [:]
  /// Convolutions that vanish into the normalisation behind them.
  private(set) var folded: Set<Graph.NodeID> = []

  init(
    _ network: Graph, outputs: [ONNXModel.Output], inputSize: Size2D?, folds: Bool
  ) throws(ONNXError) {
    self.network = network
    self.outputs = outputs
    self.inputSize = inputSize
    let size = inputSize ?? Size2D(224)
    shapes = network.shapes(input: [1, size.height, size.width, network.inputChannels])
    guard shapes.values.allSatisfy({ $0.allSatisfy { $0 > 0 } }) else { throw .imagesTooSmall(size: size) }

    var names = Set(network.parameters.map(\.name) + [ONNXModel.inputName])
    for output in outputs {
      guard names.insert(output.name).inserted else { throw .nameTaken(output.name) }
      if output.terms.count == 1, wanted[output.terms[0]] == nil { wanted[output.terms[0]] = output.name }
    }
    builder = GraphBuilder(reserved: names)
    guard folds else { return }
    let readers = GraphReaders(network, outputs: Set(outputs.flatMap(\.terms)))
    for id in network.ids {
      guard network[id].operation is BatchNormalization else { continue }
      let before = network[id].inputs[0]
      if network[before].operation is Convolution, readers.mayVanish(before) { folded.insert(before) }
    }
  }

  mutating func translated() throws(ONNXError) -> ONNXGraphProto {
    for id in network.ids where !folded.contains(id) { values[id] = try translate(id) }
    for output in outputs {
      let terms = output.terms.map { values[$0, default: ""] }
      if terms != [output.name] { sum(terms, name: output.name) }
    }
    var graph = ONNXGraphProto()
    graph.name = "network"
    graph.node = builder.nodes
    graph.input = [
      .floats(
        ONNXModel.inputName,
        [
          .named("batch"), .count(network.inputChannels), .side(inputSize?.height, "height"),
          .side(inputSize?.width, "width"),
        ])
    ]
    graph.output = outputs.map { .floats($0.name, dimensions(of: $0.terms[0])) }
    return graph
  }

  /// Adds the nodes that compute one node's value, and returns the value's name.
  private mutating func translate(_ id: Graph.NodeID) throws(ONNXError) -> String {
    let node = network[id]
    if node.operation is Input { return ONNXModel.inputName }
    guard let operation = node.operation as? any ONNXOperation else {
      throw .noTranslation("\(type(of: node.operation))")
    }
    return operation.add(to: &self, at: id, reading: node.inputs.map { values[$0, default: ""] })
  }

  /// The name that an output gives the node, or a new one.
  mutating func name(_ id: Graph.NodeID, _ stem: String) -> String {
    wanted[id] ?? builder.unused(stem)
  }

  /// Sums of two, from the left: that is what runtimes fuse with the convolution before them.
  @discardableResult mutating func sum(_ terms: [String], name: String) -> String {
    guard terms.count > 1 else { return builder.node("Identity", terms, name: name) }
    let last = terms.count - 1
    return (1...last).reduce(terms[0]) { sum, position in
      builder.node(
        "Add", [sum, terms[position]], name: position == last ? name : builder.unused(name + ".sum"))
    }
  }

  /// [batch, C] or [batch, C, h, w]; sides that follow the images' are left open.
  private func dimensions(of id: Graph.NodeID) -> [ONNXTensorShapeProto.Dimension] {
    let shape = shapes[id, default: []]
    let channels: [ONNXTensorShapeProto.Dimension] = [.named("batch"), .count(shape[shape.count - 1])]
    guard shape.count == 4 else { return channels }
    return channels + shape[1...2].map { inputSize == nil ? ONNXTensorShapeProto.Dimension() : .count($0) }
  }
}

extension ONNXTensorShapeProto.Dimension {
  fileprivate static func count(_ value: Int) -> Self { .with { $0.dimValue = Int64(value) } }

  fileprivate static func named(_ name: String) -> Self { .with { $0.dimParam = name } }

  fileprivate static func side(_ value: Int?, _ name: String) -> Self { value.map(count) ?? named(name) }
}

extension ONNXValueInfoProto {
  fileprivate static func floats(_ name: String, _ dimensions: [ONNXTensorShapeProto.Dimension]) -> Self {
    .with {
      $0.name = name
      $0.type.tensorType.elemType = Int32(ONNXTensorProto.DataType.float.rawValue)
      $0.type.tensorType.shape.dim = dimensions
    }
  }
}
