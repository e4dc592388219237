import Networks
import Tensors
import Testing

@testable import ONNX

/// The nodes that stand for each operator; that they compute the same is checked by Reference/check_onnx.py.
@Suite struct ONNXOperatorTests {
  private func nodes(_ operation: any ElementaryOperation, _ second: (any ElementaryOperation)? = nil) throws
    -> [ONNXNodeProto]
  {
    var graph = Graph()
    let input = graph.append(Input())
    var inputs = [input]
    if let second { inputs.append(graph.append(second, [input])) }
    let output = graph.append(operation, inputs)
    let made = try ONNXModel(graph, logits: output)
    made.graph.expectOrder(initializers: [])
    let name = second.map { "\(type(of: $0))" } ?? "input"
    let before = made.graph.node.firstIndex { $0.output == [name] }.map { $0 + 1 } ?? 0
    return Array(made.graph.node[before...])
  }

  private func types(_ operation: any ElementaryOperation, _ second: (any ElementaryOperation)? = nil) throws
    -> [String]
  {
    try nodes(operation, second).map(\.opType)
  }

  @Test func everyOperatorHasItsNodes() throws {
    #expect(try types(GlobalAveragePool()) == ["GlobalAveragePool", "Flatten"])
    #expect(try types(GlobalMaxPool()) == ["GlobalMaxPool", "Flatten"])
    #expect(try types(ChannelMaxAndMean()) == ["ReduceMax", "ReduceMean", "Concat"])
    #expect(try types(Sigmoid()) == ["Sigmoid"])
    #expect(try types(ScaleChannels(), GlobalAveragePool()) == ["Constant", "Unsqueeze", "Mul"])
    #expect(try types(ScalePositions(), ChannelSlice(0..<1)) == ["Mul"])
    #expect(try types(Concatenate(), Sigmoid()) == ["Concat"])
    #expect(try types(Activate(.silu)) == ["Sigmoid", "Mul"])
    #expect(
      try types(Activate(.gelu)) == ["Constant", "Mul", "Erf", "Constant", "Add", "Constant", "Mul", "Mul"])
    #expect(try types(Activate(.leaky(slope: 0.1))) == ["LeakyRelu"])
    #expect(try types(Blur(stride: 2)) == ["Constant", "Pad", "AveragePool", "AveragePool"])
    #expect(try types(ChannelLine(), GlobalAveragePool()) == ["Constant", "Reshape"])
  }

  @Test func windowsAreKept() throws {
    let geometry = ConvolutionGeometry(kernel: 3, stride: 2, padding: 1)
    for (operation, type) in [
      (MaxPool(geometry) as any ElementaryOperation, "MaxPool"), (AveragePool(geometry), "AveragePool"),
    ] {
      let node = try #require(try nodes(operation).first)
      #expect(node.opType == type && node.integers("kernel_shape") == [3, 3])
      #expect(node.integers("strides") == [2, 2] && node.integers("pads") == [1, 1, 1, 1])
      #expect(
        node.attribute.contains { $0.name == "count_include_pad" && $0.i == 1 } == (type == "AveragePool"))
    }
  }

  @Test func slicesAndZerosAreConstants() throws {
    let slice = try nodes(ChannelSlice(1..<3))
    #expect(slice.map { $0.integers("value_ints") } == [[1], [3], nil])
    #expect(slice[2].input == ["input", "constant", "constant_2", "constant"])

    // Three channels become eight: two of zeros before, three behind.
    let subsample = try nodes(Subsample(stride: 2, channels: 8))
    #expect(
      subsample.map(\.opType) == ["Constant", "Constant", "Constant", "Constant", "Slice", "Constant", "Pad"])
    #expect(subsample[5].integers("value_ints") == [0, 2, 0, 0, 0, 3, 0, 0])
  }

  private struct Unknown: ElementaryOperation {
    func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }
    func value(of inputs: [Tensor]) -> Tensor { inputs[0] }
    func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
      (inputs[0], { [$0] })
    }
  }

  @Test func operatorsWithoutTranslationAreNamed() {
    #expect(throws: ONNXError.noTranslation("Unknown")) { try nodes(Unknown()) }
  }
}
