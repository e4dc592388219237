import Networks
import Tensors

/// An operation that has a translation to ONNX.
protocol ONNXOperation: Operation {
  /// Adds the nodes that compute it and returns the name of its value.
  func add(to translation: inout Translation, at id: Graph.NodeID, reading inputs: [String]) -> String
}

extension Convolution: ONNXOperation {
  func add(to translation: inout Translation, at id: Graph.NodeID, reading inputs: [String]) -> String {
    translation.convolution(id, norm: nil, name: translation.name(id, weight.layerName))
  }
}

extension BatchNormalization: ONNXOperation {
  func add(to translation: inout Translation, at id: Graph.NodeID, reading inputs: [String]) -> String {
    let name = translation.name(id, scale.layerName)
    let before = translation.network[id].inputs[0]
    if translation.folded.contains(before) { return translation.convolution(before, norm: self, name: name) }
    let operands = inputs + parameters.map { translation.builder.add($0) }
    return translation.builder.node(
      "BatchNormalization", operands, [.float("epsilon", epsilon)], name: name)
  }
}

extension ReLU: ONNXOperation {
  func add(to translation: inout Translation, at id: Graph.NodeID, reading inputs: [String]) -> String {
    let name = translation.name(id, "relu")
    return translation.builder.node("Relu", inputs, name: name)
  }
}

extension Sum: ONNXOperation {
  func add(to translation: inout Translation, at id: Graph.NodeID, reading inputs: [String]) -> String {
    translation.sum(inputs, name: translation.name(id, "sum"))
  }
}

extension Linear: ONNXOperation {
  func add(to translation: inout Translation, at id: Graph.NodeID, reading inputs: [String]) -> String {
    let operands = inputs + parameters.map { translation.builder.add($0) }
    let name = translation.name(id, weight.layerName)
    return translation.builder.node("Gemm", operands, [.int("transB", 1)], name: name)
  }
}

extension Parameter {
  /// The name without its last part: that of the layer.
  fileprivate var layerName: String { name.split(separator: ".").dropLast().joined(separator: ".") }
}

/// An operation whose translation depends on nothing but its inputs.
protocol ONNXOperator: ONNXOperation {
  /// Adds the nodes that compute it; the value of the last is called `name`. The first input has `channels`.
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String)
}

extension ONNXOperator {
  func add(to translation: inout Translation, at id: Graph.NodeID, reading inputs: [String]) -> String {
    let name = translation.name(id, "\(Self.self)")
    let shape = translation.shapes[translation.network[id].inputs[0], default: []]
    add(to: &translation.builder, reading: inputs, channels: shape[shape.count - 1], as: name)
    return name
  }
}

extension MaxPool: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    graph.node("MaxPool", inputs, .window(geometry), name: name)
  }
}

extension AveragePool: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    graph.node(
      "AveragePool", inputs, .window(geometry) + [.int("count_include_pad", countsPadding ? 1 : 0)],
      name: name)
  }
}

extension GlobalAveragePool: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    let pooled = graph.node("GlobalAveragePool", inputs, name: graph.unused(name + ".map"))
    graph.node("Flatten", [pooled], [.int("axis", 1)], name: name)
  }
}

extension GlobalMaxPool: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    let pooled = graph.node("GlobalMaxPool", inputs, name: graph.unused(name + ".map"))
    graph.node("Flatten", [pooled], [.int("axis", 1)], name: name)
  }
}

extension ChannelMaxAndMean: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    let pooled = ["ReduceMax", "ReduceMean"].map { type in
      graph.node(type, inputs, [.ints("axes", [1])], name: graph.unused("\(name).\(type)"))
    }
    graph.node("Concat", pooled, [.int("axis", 1)], name: name)
  }
}

extension Sigmoid: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    graph.node("Sigmoid", inputs, name: name)
  }
}

extension Activate: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    switch function {
    case .relu: graph.node("Relu", inputs, name: name)
    case .leaky(let slope): graph.node("LeakyRelu", inputs, [.float("alpha", slope)], name: name)
    case .silu:
      let gate = graph.node("Sigmoid", inputs, name: graph.unused(name + ".gate"))
      graph.node("Mul", [inputs[0], gate], name: name)
    case .gelu:
      // x Φ(x) = x (erf(x / √2) + 1) / 2
      let scaled = graph.node(
        "Mul", [inputs[0], graph.constant(Float(0.5).squareRoot())], name: graph.unused(name + ".scaled"))
      let error = graph.node("Erf", [scaled], name: graph.unused(name + ".erf"))
      let sum = graph.node("Add", [error, graph.constant(1)], name: graph.unused(name + ".sum"))
      let half = graph.node("Mul", [inputs[0], graph.constant(0.5)], name: graph.unused(name + ".half"))
      graph.node("Mul", [half, sum], name: name)
    }
  }
}

extension Blur: ONNXOperator {
  /// Two means over 2×2 windows are a binomial 3×3 window.
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    let padded = graph.node(
      "Pad", [inputs[0], graph.constant([0, 0, 1, 1, 0, 0, 1, 1])], [.string("mode", "reflect")],
      name: graph.unused(name + ".padded"))
    let once = graph.node(
      "AveragePool", [padded], .window(ConvolutionGeometry(kernel: 2)), name: graph.unused(name + ".once"))
    graph.node("AveragePool", [once], .window(ConvolutionGeometry(kernel: 2, stride: stride)), name: name)
  }
}

extension ChannelLine: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    let shape = graph.constant(isBack ? [0, -1] : [0, 1, 1, -1])
    graph.node("Reshape", [inputs[0], shape], name: name)
  }
}

extension ScaleChannels: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    let axes = graph.constant([2, 3])
    let gate = graph.node("Unsqueeze", [inputs[1], axes], name: graph.unused(name + ".gate"))
    graph.node("Mul", [inputs[0], gate], name: name)
  }
}

extension ScalePositions: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    graph.node("Mul", inputs, name: name)
  }
}

extension ChannelSlice: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    let bounds = [[range.lowerBound], [range.upperBound], [1]].map { graph.constant($0) }
    graph.node("Slice", inputs + bounds, name: name)
  }
}

extension Concatenate: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    graph.node("Concat", inputs, [.int("axis", 1)], name: name)
  }
}

extension Subsample: ONNXOperator {
  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    let bounds = [[0, 0], [Int.max, Int.max], [2, 3], [stride, stride]].map { graph.constant($0) }
    let pixels = graph.node("Slice", inputs + bounds, name: graph.unused(name + ".pixels"))
    let before = (self.channels - channels) / 2
    let widths = graph.constant([0, before, 0, 0, 0, self.channels - channels - before, 0, 0])
    graph.node("Pad", [pixels, widths], name: name)
  }
}
