import Networks
import Tensors
import Testing

@testable import ONNX

/// A new operation is one file: shape, value, gradient and ONNX.
private struct Square: ElementaryOperation, ONNXOperator {
  func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  func isRectified(_ inputs: [Bool]) -> Bool { true }

  func value(of inputs: [Tensor]) -> Tensor {
    Tensor(inputs[0].elements.map { $0 * $0 }, shape: inputs[0].shape)
  }

  func recorded(_ inputs: [Tensor]) -> (output: Tensor, gradients: (Tensor) -> [Tensor]) {
    let x = inputs[0]
    return (
      value(of: inputs),
      { gradient in [Tensor(zip(x.elements, gradient.elements).map { 2 * $0 * $1 }, shape: x.shape)] }
    )
  }

  func add(to graph: inout GraphBuilder, reading inputs: [String], channels: Int, as name: String) {
    graph.node("Mul", [inputs[0], inputs[0]], name: name)
  }
}

@Suite struct NewOperationTests {
  @Test func oneFileIsEnough() throws {
    var graph = Graph()
    let input = graph.append(Input())
    let squared = graph.append(Square(), input)
    let mean = graph.append(GlobalAveragePool(), squared)
    let images = Tensor([1, -2, 3, 0.5, 4, -1], shape: [1, 1, 2, 3])

    let evaluator = Evaluator(graph)
    let values = try evaluator.values(of: [mean, squared], images: images)
    #expect(values[squared]?.elements == [1, 4, 9, 0.25, 16, 1])
    #expect(values[mean]?.elements == [0.625, 10, 5])
    // d mean / d x = 2 x / 2 places, in both modes.
    let seeds = [mean: Tensor([1, 1, 1], shape: [1, 3])]
    let pass = try evaluator.differentiable([mean], watching: [input], feeding: [input: images])
    #expect(try pass.gradients(from: seeds)[input]?.elements == images.elements)
    let tape = Tape(graph, outputs: [mean], watched: [input])
    _ = try tape.forward(images)
    #expect(try tape.backward(from: seeds)[input]?.elements == images.elements)
    #expect(graph.shapes(input: [2, 5, 7, 3])[squared] == [2, 5, 7, 3])

    let model = try ONNXModel(graph, logits: mean)
    #expect(model.graph.node.map(\.opType) == ["Mul", "GlobalAveragePool", "Flatten"])
  }
}
