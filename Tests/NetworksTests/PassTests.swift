import Networks
import Tensors
import Testing

/// Passes in which values are fed, edited, or gone back through.
@Suite struct PassTests {
  private let small = TapeTests.Small()
  private let images = TapeTests.images

  /// The largest difference, relative to the largest value.
  private func error(_ value: Tensor?, _ expected: Tensor?) throws -> Float {
    let (value, expected) = (try #require(value), try #require(expected))
    #expect(value.shape == expected.shape)
    let largest = expected.elements.map(abs).max() ?? 0
    return (zip(value.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0) / max(largest, 1e-6)
  }

  private func noise(_ shape: [Int], _ place: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: 21, place: place)
    return Tensor((0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) }, shape: shape)
  }

  /// What is fed stands for all that it is computed from, on every way: one node or several, with images or without.
  @Test(arguments: ["onednn", "openblas"])
  func fedValuesStandForWhatMakesThem(backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let evaluator = Evaluator(small.graph, backend: backend)
    let all = try evaluator.values(of: Set(small.graph.ids), images: images)
    for id in small.graph.ids {
      var heard: [Graph.NodeID] = []
      let value = try #require(all[id])
      // Only what the node cuts off may be left out.
      let needsImages = id != small.output && id != small.logits && id != small.input && id < small.output
      var fed = [id: value]
      if needsImages { fed[small.input] = images }
      let found = try evaluator.values(of: [small.logits], feeding: fed) { nodes, _ in heard += nodes }
      #expect(try error(found[small.logits], all[small.logits]) < 1e-5)
      #expect(!heard.contains(id))
    }
    // Another value gives what the rest of the network makes of it.
    let map = noise(try #require(all[small.output]).shape, 1)
    let logits = try evaluator.values(of: [small.logits], feeding: [small.output: map])[small.logits]
    let head = try #require(small.graph[small.logits].operation as? Linear)
    let expected = try map.globalAveragePooled().linear(
      with: ConvolutionKernel(head.weight.value.reshaped(head.weight.shape + [1, 1])), bias: head.bias.value,
      on: backend)
    #expect(try error(logits, expected) < 1e-5)
  }

  /// A branch that is scaled is that of a network whose normalisation has scale and shift times the factor.
  @Test(arguments: [Float(0), 0.25, 2], ["onednn", "openblas"])
  func aScaledBranchIsThatOfScaledParameters(factor: Float, backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let edits: [Graph.NodeID: any Operation] = [small.decoded: Scale(factor)]
    let evaluator = Evaluator(small.graph, backend: backend)
    let wanted: Set = [small.decoded, small.sum, small.logits]
    let edited = try evaluator.values(of: wanted, feeding: [small.input: images], editing: edits)
    let alone = try evaluator.values(of: [small.logits], feeding: [small.input: images], editing: edits)
    let plain = try evaluator.values(of: [small.logits], images: images)
    for parameter in [small.decodedNorm.scale, small.decodedNorm.shift] {
      parameter.value = Tensor(parameter.value.elements.map { $0 * factor }, shape: parameter.shape)
    }
    let expected = try Evaluator(small.graph, backend: backend).values(of: wanted, images: images)
    for id in wanted { #expect(try error(edited[id], expected[id]) < 1e-5) }
    #expect(try error(alone[small.logits], expected[small.logits]) < 1e-5)
    #expect(try error(plain[small.logits], expected[small.logits]) > 1e-3)
  }

  /// One factor a channel, and a replacement by one image for all.
  @Test func channelsAreScaledAndValuesReplaced() throws {
    let evaluator = Evaluator(small.graph)
    let fed = [small.input: images]
    let factors: [Float] = [0, 1, 2, 0, -1, 0.5]
    let plain = try #require(try evaluator.values(of: [small.decoded], feeding: fed)[small.decoded])
    let scaled = try evaluator.values(
      of: [small.decoded], feeding: fed, editing: [small.decoded: Scale(channels: factors)])
    #expect(
      scaled[small.decoded]?.elements == plain.elements.enumerated().map { $1 * factors[$0 % 6] })
    let mean = noise([1] + plain.shape.dropFirst(), 2)
    let replaced = try evaluator.values(
      of: [small.decoded], feeding: fed, editing: [small.decoded: Replace(mean)])
    #expect(
      replaced[small.decoded]?.elements == [mean, mean, mean].flatMap(\.elements))
  }

  /// Gradients through folded weights are those of a tape with running statistics, at every node, from two outputs, called
  /// twice, with an edit. Tolerance 1e-4 of the largest value: weights are folded before sums are rounded.
  @Test(arguments: ["onednn", "openblas"], [false, true])
  func gradientsAreThoseOfATape(backendName: String, isEdited: Bool) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let edits: [Graph.NodeID: any Operation] =
      isEdited ? [small.decoded: Scale(-1.5), small.activated: Scale(channels: [1, 0, 2, 0.5])] : [:]
    let outputs: Set = [small.logits, small.sum]
    let watched = Set(small.graph.ids).subtracting([small.logits])
    let tape = Tape(
      small.graph, outputs: outputs, watched: watched, editing: edits, statistics: .running, learns: false,
      backend: backend)
    let values = try tape.forward(images)
    let seeds = try Dictionary(
      uniqueKeysWithValues: outputs.map { ($0, noise(try #require(values[$0]).shape, 3)) })
    let expected = try tape.backward(from: seeds)
    let evaluator = Evaluator(small.graph, backend: backend)
    for some in [watched, [small.encoded], [small.input], [small.stem, small.output]] {
      let pass = try evaluator.differentiable(
        outputs, watching: some, feeding: [small.input: images], editing: edits)
      for output in outputs { #expect(try error(pass.values[output], values[output]) < 1e-5) }
      _ = try pass.gradients(from: [small.logits: noise([3, 3], 4)])
      let found = try pass.gradients(from: seeds)
      #expect(Set(found.keys) == some)
      for (id, gradient) in found { #expect(try error(gradient, expected[id]) < 1e-4) }
    }
  }

  /// A logit of the third image rises along the gradient at a node in the middle as it says, by finite differences of passes
  /// that are fed with the moved map. Tolerance 1 %: kinks of ReLU, and differences of float32 logits.
  @Test func gradientsAreSlopes() throws {
    let evaluator = Evaluator(small.graph)
    let edits: [Graph.NodeID: any Operation] = [small.decoded: Scale(1.7)]
    let seed = Tensor([0, 0, 0, 0, 0, 0, 0, 1, 0], shape: [3, 3])
    let needed: Set = [small.logits, small.encoded]
    let pass = try evaluator.differentiable(
      needed, watching: [small.encoded], feeding: [small.input: images], editing: edits)
    let gradient = try #require(try pass.gradients(from: [small.logits: seed])[small.encoded])
    let map = try #require(pass.values[small.encoded])
    let norm = gradient.elements.reduce(0) { $0 + Double($1 * $1) }.squareRoot()
    func logit(_ length: Double) throws -> Double {
      let moved = zip(map.elements, gradient.elements).map { $0 + Float(length / norm) * $1 }
      let fed = [small.input: images, small.encoded: Tensor(moved, shape: map.shape)]
      let values = try evaluator.values(of: [small.logits], feeding: fed, editing: edits)
      return Double(try #require(values[small.logits])[7])
    }
    let slope = (try logit(0.01) - logit(-0.01)) / 0.02
    #expect(norm > 1e-3 && abs(slope - norm) < 0.01 * norm, "\(slope) and \(norm)")
  }

  /// In training, too, an edit stands between a node and its readers: a scaled branch's own gradients are scaled.
  @Test func tapesGoBackThroughEdits() throws {
    func gradients(_ edits: [Graph.NodeID: any Operation], _ small: TapeTests.Small) throws -> [Float] {
      let learnt = small.graph.parameters.filter(\.isLearnt)
      let gathered = ParameterGradients(learnt)
      let tape = Tape(small.graph, outputs: [small.logits], editing: edits)
      _ = try tape.forward(images)
      _ = try tape.backward(from: [small.logits: noise([3, 3], 5)], into: gathered)
      return try #require(gathered[small.decodedNorm.scale]).elements
    }
    let edited = try gradients([small.decoded: Scale(0.5)], TapeTests.Small())
    let other = TapeTests.Small()
    for parameter in [other.decodedNorm.scale, other.decodedNorm.shift] {
      parameter.value = Tensor(parameter.value.elements.map { $0 / 2 }, shape: parameter.shape)
    }
    let halved = try gradients([:], other)
    for (a, b) in zip(edited, halved) { #expect(abs(a - b / 2) < 1e-4 * max(abs(b), 1)) }
    #expect(
      try gradients([small.decoded: Replace(Tensor(repeating: 0, shape: [1, 4, 3, 6]))], TapeTests.Small())
        .allSatisfy { $0 == 0 })
    #expect(edited.contains { abs($0) > 1e-3 })
  }
}
