import Networks
import Tensors
import Testing

/// Whatever is asked for and however it is fused, a node's value is the same.
@Suite struct EvaluationPlanTests {
  /// A block with a projection, an ED path and everything a residual network is made of.
  private static func graph() -> (graph: Graph, nodes: [Graph.NodeID]) {
    var graph = Graph()
    func conv(_ name: String, _ i: Int, _ o: Int, _ g: ConvolutionGeometry, transposed: Bool = false)
      -> Convolution
    {
      Convolution(name: name, inputs: i, outputs: o, geometry: g, transposed: transposed)
    }
    let three = ConvolutionGeometry(kernel: 3, padding: 1)
    let half = ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 4)
    let x = graph.append(Input())
    let stem = graph.append(conv("stem", 3, 8, three), x)
    let stemNorm = graph.append(BatchNormalization(name: "n0", channels: 8), stem)
    let stemReLU = graph.append(ReLU(), stemNorm)
    let pooled = graph.append(
      MaxPool(ConvolutionGeometry(kernel: 3, stride: 2, padding: 1)), stemReLU)
    // A plain block whose sum is folded into its convolution.
    let f0 = graph.append(conv("f0", 8, 8, three), pooled)
    let f0Norm = graph.append(BatchNormalization(name: "n1", channels: 8), f0)
    let sum0 = graph.append(Sum(), f0Norm, pooled)
    let out0 = graph.append(ReLU(), sum0)
    // A block with an ED path and an option-A shortcut.
    let f1 = graph.append(
      conv("f1", 8, 32, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1)), out0)
    let f1Norm = graph.append(BatchNormalization(name: "n2", channels: 32), f1)
    let p1 = graph.append(Subsample(stride: 2, channels: 32), out0)
    let e = graph.append(conv("e", 32, 8, half), p1)
    let eNorm = graph.append(BatchNormalization(name: "n3", channels: 8), e)
    let eReLU = graph.append(ReLU(), eNorm)
    let d = graph.append(conv("d", 8, 32, half, transposed: true), eReLU, p1)
    let dNorm = graph.append(BatchNormalization(name: "n4", channels: 32), d)
    let sum1 = graph.append(Sum(), f1Norm, p1, dNorm)
    let out1 = graph.append(ReLU(), sum1)
    // A sum of two convolutions, and one that is used twice.
    let a = graph.append(conv("a", 32, 16, three), out1)
    let b = graph.append(conv("b", 32, 16, three), out1)
    let sum2 = graph.append(Sum(), a, b)
    let sum3 = graph.append(Sum(), sum2, sum2)
    let mean = graph.append(GlobalAveragePool(), sum3)
    let logits = graph.append(Linear(name: "fc", inputs: 16, outputs: 5), mean)
    var seed: UInt64 = 7
    for parameter in graph.parameters {
      parameter.value = Tensor(shape: parameter.shape) { buffer in
        for i in buffer.indices {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let noise = Float(seed >> 40) / Float(1 << 24) - 0.5
          buffer[i] = parameter.role == .runningVariance ? noise + 1 : noise
        }
      }
    }
    let nodes = [
      stem, stemNorm, stemReLU, pooled, f0, f0Norm, sum0, out0, f1, f1Norm, p1, e, eNorm, eReLU, d, dNorm,
      sum1, out1, a,
      b, sum2, sum3, mean, logits,
    ]
    return (graph, nodes)
  }

  @Test(arguments: [[1, 9, 12, 3], [2, 7, 7, 3]], ["onednn", "openblas"])
  func valuesDoNotDependOnWhatElseIsWanted(shape: [Int], backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let (graph, nodes) = Self.graph()
    let images = Tensor((0..<shape.reduce(1, *)).map { Float($0 * 37 % 101) / 50 - 1 }, shape: shape)
    let evaluator = Evaluator(graph, backend: backend)
    // With every node wanted, nothing is fused.
    let all = try evaluator.values(of: Set(nodes), images: images)
    let shapes = graph.shapes(input: shape)
    #expect(all.count == nodes.count)
    for node in nodes {
      let alone = try #require(evaluator.values(of: [node], images: images)[node])
      let expected = try #require(all[node])
      #expect(alone.shape == expected.shape && alone.shape == shapes[node])
      let scale = max(1e-3, expected.elements.map(abs).max() ?? 0)
      let worst = zip(alone.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0
      #expect(worst / scale < 1e-5)
    }
  }

  /// The largest difference, relative to the largest value.
  private static func error(_ value: Tensor, _ expected: Tensor) -> Float {
    var worst: Float = 0
    var largest: Float = 1e-3
    for (a, b) in zip(value.elements, expected.elements) {
      worst = max(worst, abs(a - b))
      largest = max(largest, abs(b))
    }
    return worst / largest
  }

  /// A decoder that does the end of its block writes over a term of the sum only if nobody wants that.
  @Test(arguments: ["onednn", "openblas"])
  func valuesDoNotDependOnWhatIsWantedBesides(backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let (graph, nodes) = Self.graph()
    let shape = [2, 9, 12, 3]
    let images = Tensor((0..<shape.reduce(1, *)).map { Float($0 * 37 % 101) / 50 - 1 }, shape: shape)
    let evaluator = Evaluator(graph, backend: backend)
    let all = try evaluator.values(of: Set(nodes), images: images)
    // From f1Norm to out1: both other terms of the sum, the path and what it goes into.
    for first in nodes[9...17] {
      for second in nodes[9...17] where second > first {
        let both = try evaluator.values(of: [first, second], images: images)
        #expect(both.count == 2)
        for (node, value) in both {
          #expect(Self.error(value, try #require(all[node])) < 1e-5)
        }
      }
    }
  }

  /// Decoders in other places than the end of a block: behind a ReLU alone, twice in a sum, read twice, beside a term
  /// that occurs twice.
  @Test func decodersAreFusedAnywhere() throws {
    var graph = Graph()
    let half = ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2)
    let x = graph.append(Input())
    func layer(_ name: String, _ inputs: Int, _ outputs: Int, transposed: Bool) -> Convolution {
      Convolution(name: name, inputs: inputs, outputs: outputs, geometry: half, transposed: transposed)
    }
    let code = graph.append(layer("e", 32, 8, transposed: false), x)
    func decoder(_ name: String) -> Graph.NodeID {
      graph.append(layer(name, 8, 32, transposed: true), code, x)
    }
    let clamped = graph.append(ReLU(), decoder("a"))
    let (b, c, d) = (decoder("b"), decoder("c"), decoder("d"))
    let normed = graph.append(BatchNormalization(name: "n", channels: 32), c)
    let alone = graph.append(ReLU(), graph.append(Sum(), normed))
    let pair = graph.append(Sum(), b, decoder("f"))
    let thrice = graph.append(ReLU(), graph.append(Sum(), x, x, d))
    let twice = graph.append(Sum(), d, x)
    for (seed, parameter) in graph.parameters.enumerated() {
      parameter.value = Tensor(shape: parameter.shape) { buffer in
        for i in buffer.indices {
          let number = (i + 1) * (seed + 7) % 97
          buffer[i] = Float(number) / 97
        }
      }
    }
    let pixels: [Float] = (0..<1920).map { Float($0 * 37 % 101) / 50 - 1 }
    let images = Tensor(pixels, shape: [2, 5, 6, 32])
    let evaluator = Evaluator(graph)
    let all = try evaluator.values(of: Set(graph.ids), images: images)
    let fused = try evaluator.values(of: [clamped, alone, pair, thrice, twice], images: images)
    #expect(fused.count == 5)
    for (node, value) in fused {
      #expect(Self.error(value, try #require(all[node])) < 1e-5)
    }
  }

  /// What is visited on the way is what is kept otherwise, in the order of computation and in less memory.
  @Test func visitedValuesAreTheKeptOnes() throws {
    let (graph, nodes) = Self.graph()
    let shape = [2, 9, 12, 3]
    let images = Tensor((0..<shape.reduce(1, *)).map { Float($0 * 37 % 101) / 50 - 1 }, shape: shape)
    let evaluator = Evaluator(graph)
    let wanted = Set(nodes)
    let kept = try evaluator.values(of: wanted, images: images)
    var seen: [(Graph.NodeID, [Float])] = []
    try evaluator.visit(wanted, images: images) { seen.append(($0, $1.elements)) }
    #expect(seen.map(\.0) == nodes.sorted())
    for (node, elements) in seen { #expect(kept[node]?.elements == elements) }
    #expect(
      evaluator.peakBytes(of: wanted, images: shape, keepsOutputs: false)
        < evaluator.peakBytes(of: wanted, images: shape) / 2)
  }

  /// Whoever listens hears of every node that is needed once, in the order of computation, and of no other.
  @Test func observersHearOfEveryNode() throws {
    let (graph, nodes) = Self.graph()
    let images = Tensor(repeating: 0.5, shape: [1, 17, 14, 3])
    for outputs in [Set(nodes), [nodes[nodes.count - 1]], [nodes[8]]] {
      let evaluator = Evaluator(graph)
      var steps: [[Graph.NodeID]] = []
      let values = try evaluator.values(of: outputs, images: images) { heard, duration in
        steps.append(heard)
        #expect(duration >= .zero)
      }
      let readers = GraphReaders(graph, outputs: outputs)
      let input = graph.ids.first
      #expect(steps.flatMap { $0 }.sorted() == graph.ids.filter { readers.needs($0) && $0 != input })
      #expect(outputs.isSubset(of: steps.compactMap(\.last)) && Set(values.keys) == outputs)
      #expect(Set(steps.joined()).count == steps.joined().count)
    }
  }
}
