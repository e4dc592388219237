import Synchronization
import Tensors
import Testing

@testable import Networks

/// Values that grow beyond float32: ∞ - ∞ is NaN, and stays so whatever is fused and asked for, as in PyTorch.
@Suite struct OverflowTests {
  private struct Made {
    var graph: Graph
    var nodes: [Graph.NodeID]
    var logits: Graph.NodeID
  }

  private static func noise(_ shape: [Int], _ scale: Float, _ place: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: 8, place: place)
    return Tensor((0..<shape.reduce(1, *)).map { _ in scale * Float(generator.normal()) }, shape: shape)
  }

  /// Convolution, normalisation and ReLU twice, the second time with an addend, then pooling and a linear layer.
  private static func made(kernel: Int, groups: Int, channels: Int, scale: Float) -> Made {
    var graph = Graph()
    let input = graph.append(Input())
    func convolution(_ name: String, _ inputs: Int, _ groups: Int, _ scale: Float) -> Convolution {
      let layer = Convolution(
        name: name, inputs: inputs, outputs: channels,
        geometry: ConvolutionGeometry(kernel: kernel, padding: kernel / 2, groups: groups))
      layer.weight.value = noise(layer.weight.shape, scale, UInt64(kernel))
      return layer
    }
    func normalization(_ name: String) -> BatchNormalization {
      let norm = BatchNormalization(name: name, channels: channels)
      for (parameter, value) in [
        (norm.scale, 1), (norm.shift, 0), (norm.runningMean, 0), (norm.runningVariance, 1),
      ] {
        parameter.value = Tensor(repeating: Float(value), shape: [channels])
      }
      return norm
    }
    let one = graph.append(convolution("a", 3, 1, scale), input)
    let oneReLU = graph.append(ReLU(), graph.append(normalization("na"), one))
    let two = graph.append(convolution("b", channels, groups, 0.1), oneReLU)
    let sum = graph.append(Sum(), graph.append(normalization("nb"), two), oneReLU)
    let twoReLU = graph.append(ReLU(), sum)
    let pooled = graph.append(
      MaxPool(ConvolutionGeometry(kernel: 3, stride: 2, padding: 1)), twoReLU)
    let linear = Linear(name: "fc", inputs: channels, outputs: 2)
    (linear.weight.value, linear.bias.value) = (noise([2, channels], 1, 9), Tensor(shape: [2]))
    let logits = graph.append(linear, graph.append(GlobalAveragePool(), pooled))
    return Made(graph: graph, nodes: [oneReLU, twoReLU, pooled, logits], logits: logits)
  }

  @Test(arguments: [1, 3, 5], [(1, 8), (1, 32), (4, 32)])
  func noNumberStaysNoNumber(kernel: Int, network: (groups: Int, channels: Int)) throws {
    let images = Self.noise([2, 9, 9, 3], 1e20, 1)
    for backend in ConvolutionBackends.all {
      let made = Self.made(kernel: kernel, groups: network.groups, channels: network.channels, scale: 1e30)
      let evaluator = Evaluator(made.graph, backend: backend)
      let all = try evaluator.values(of: Set(made.graph.ids), images: images)
      // Behind the first ReLU there is +∞, so that the second convolution adds ∞ and -∞.
      for id in made.nodes {
        let alone = try #require(try evaluator.values(of: [id], images: images)[id])
        let expected = try #require(all[id])
        #expect(id == made.nodes[0] ? !expected.isFinite : expected.elements.contains { $0.isNaN })
        #expect(
          zip(alone.elements, expected.elements).allSatisfy {
            $0.isNaN == $1.isNaN && ($0.isNaN || $0 == $1)
          },
          "\(backend.name), node \(id)")
      }
      // What is handed out before the rest is computed has them, too.
      var seen: [Graph.NodeID] = []
      try evaluator.visit(Set(made.nodes), images: images) { id, value in
        if value.elements.contains(where: { $0.isNaN }) { seen.append(id) }
      }
      #expect(seen.suffix(3) == made.nodes.suffix(3))
    }
  }

  /// An image that overflows changes nothing of the others in its batch.
  @Test func othersOfABatchKeepTheirBits() throws {
    let (good, bad) = (Self.noise([1, 9, 9, 3], 1e-20, 1), Self.noise([1, 9, 9, 3], 1e20, 2))
    let both = Tensor(good.elements + bad.elements, shape: [2, 9, 9, 3])
    let twice = Tensor(good.elements + good.elements, shape: [2, 9, 9, 3])
    for backend in ConvolutionBackends.all {
      let made = Self.made(kernel: 3, groups: 1, channels: 32, scale: 1e20)
      let evaluator = Evaluator(made.graph, backend: backend)
      for id in made.nodes {
        let mixed = try #require(try evaluator.values(of: [id], images: both)[id])
        let plain = try #require(try evaluator.values(of: [id], images: twice)[id])
        let size = mixed.count / 2
        #expect(plain.isFinite && mixed.elements.prefix(size).elementsEqual(plain.elements.prefix(size)))
        #expect(mixed.elements.suffix(size).contains { !$0.isFinite })
      }
    }
  }

  /// Numbers that fit are computed once, also near the end of what fits.
  @Test(arguments: [1, 3, 5], [(2, 16), (1, 64)])
  func othersAreComputedOnce(kernel: Int, network: (groups: Int, channels: Int)) throws {
    let images = Self.noise([3, 12, 7, 3], 1e18, 4)
    for backend in ConvolutionBackends.all {
      let made = Self.made(kernel: kernel, groups: network.groups, channels: network.channels, scale: 1e15)
      let evaluator = Evaluator(made.graph, backend: backend)
      let value = try #require(try evaluator.values(of: [made.logits], images: images)[made.logits])
      #expect(value.isFinite && value.elements.contains { abs($0) > 1e32 }, "\(backend.name)")
      #expect(evaluator.carefulPasses.load(ordering: .relaxed) == 0, "\(backend.name)")
    }
  }
}
