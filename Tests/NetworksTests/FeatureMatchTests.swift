import Tensors
import Testing

@testable import Networks

@Suite struct FeatureMatchTests {
  private static func noise(_ shape: [Int], _ place: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: 5, place: place)
    return Tensor((0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) }, shape: shape)
  }

  private static func made(weight: Float, power: Float) -> FeatureMatch {
    var graph = Graph()
    let map = graph.append(.input)
    return FeatureMatch(graph, map: map, channels: 3, features: 2, weight: weight, power: power)
  }

  /// By hand: 2 and 6 at two places, between whose centres four cells have 2, 3, 5, 6; the second feature is 1 everywhere.
  @Test func featuresAreInterpolated() {
    let predicted = Tensor([1, 0, 3, 1, 5, 1, 7, 1], shape: [1, 1, 4, 2])
    let features = Tensor([2, 1, 6, 1], shape: [1, 1, 2, 2])
    let found = Self.made(weight: 3, power: 2).evaluate(predicted, features: features)
    #expect(abs(found.value - 3 * (1 + 1 + 0 + 0 + 1) / 4.0 / 2) < 1e-6)
    // 2 · 3 / (4 places · 2) · difference
    #expect(found.gradient.elements == [-0.75, -0.75, 0, 0, 0, 0, 0.75, 0])
  }

  @Test func theGradientIsTheSlope() {
    let predicted = Self.noise([2, 6, 4, 2], 1)
    let features = Self.noise([2, 4, 3, 2], 2)
    let match = Self.made(weight: 0.7, power: 1.3)
    let gradient = match.evaluate(predicted, features: features).gradient
    for place in [0, 7, 31, 64, 95] {
      func value(_ by: Float) -> Double {
        var values = predicted.elements
        values[place] += by
        return match.evaluate(Tensor(values, shape: predicted.shape), features: features).value
      }
      // The loss is a square, so that only float32's rounding is left of 2e-3's step.
      #expect(abs((value(1e-3) - value(-1e-3)) / 2e-3 - Double(gradient[place])) < 1e-4)
    }
  }

  /// A map of one convolution learns to hold features that are a linear function of its input, and its weights and the
  /// prediction's get there on the gradients of the match alone.
  @Test func aMapLearnsToHoldFeatures() throws {
    var graph = Graph()
    let input = graph.append(.input)
    let layer = Convolution(name: "c", inputs: 3, outputs: 3, geometry: ConvolutionGeometry(kernel: 1))
    layer.weight.value = Self.noise([3, 3, 1, 1], 3)
    let map = graph.append(.convolution(layer), input)
    let head = Linear(name: "fc", inputs: 3, outputs: 2)
    (head.weight.value, head.bias.value) = (Tensor(shape: [2, 3]), Tensor(shape: [2]))
    let logits = graph.append(.linear(head), graph.append(.elementary(GlobalAveragePool()), map))
    let match = FeatureMatch(graph, map: map, channels: 3, features: 2, weight: 1, power: 1)
    let trainer = Trainer(
      graph, logits: logits,
      groups: [ParameterGroup(name: "all", parameters: graph.parameters + [match.parameter], weightDecay: 0)],
      rule: Trainer.Rule(momentum: 0.5), match: match)
    let images = Self.noise([4, 4, 4, 3], 4)
    let means = images.averagePooled(ConvolutionGeometry(kernel: 2, stride: 2))
    let features = Tensor(
      stride(from: 0, to: means.count, by: 3).flatMap { at in
        [means[at] - 2 * means[at + 1], 0.5 * means[at + 2]]
      }, shape: [4, 2, 2, 2])
    let targets = Tensor(repeating: 0.5, shape: [4, 2])
    func loss() throws -> Double {
      let values = try Evaluator(match.graph).values(of: [match.node], images: images)
      return match.evaluate(try #require(values[match.node]), features: features).value
    }
    let before = try loss()
    for _ in 0..<200 {
      _ = try trainer.accumulate(images: images, targets: targets, features: features, loss: .softmax)
      trainer.step(rate: 0.1)
    }
    #expect(try loss() < 1e-3 * before)

    // What the prediction has learnt is part of the state, and comes back.
    let state = Dictionary(uniqueKeysWithValues: trainer.state.map { ($0.name, $0.tensor) })
    let learnt = match.parameter.value.elements
    #expect(state["value.teacher.features.weight"]?.elements == learnt)
    _ = try trainer.accumulate(images: images, targets: targets, features: features, loss: .softmax)
    trainer.step(rate: 10)
    #expect(match.parameter.value.elements != learnt)
    #expect(trainer.restore(state).isEmpty)
    #expect(match.parameter.value.elements == learnt)
  }
}
