import Glibc
import Networks
import Tensors
import Testing

/// Steps of a trainer against the formulas, in double.
@Suite struct TrainerTests {
  /// Two features of an image, the means of its two channels, and a linear layer with two classes.
  private func tiny() -> (graph: Graph, logits: Graph.NodeID, layer: Linear) {
    var graph = Graph()
    let layer = Linear(name: "fc", inputs: 2, outputs: 2)
    let input = graph.append(Input())
    let logits = graph.append(layer, graph.append(GlobalAveragePool(), input))
    layer.weight.value = Tensor([0.5, -0.25, 0.125, 1], shape: [2, 2])
    layer.bias.value = Tensor([0.1, -0.2], shape: [2])
    return (graph, logits, layer)
  }

  private static let batches: [(images: Tensor, targets: Tensor)] = [
    (Tensor([1, 2, 0.5, -1], shape: [2, 1, 1, 2]), Tensor([1, 0, 0, 1], shape: [2, 2])),
    (Tensor([-0.5, 1, 2, 0.25], shape: [2, 1, 1, 2]), Tensor([0, 1, 1, 0], shape: [2, 2])),
    (Tensor([0.25, 0.75, -1, 3], shape: [2, 1, 1, 2]), Tensor([0.5, 0.5, 0, 1], shape: [2, 2])),
  ]

  /// Gradients of the mean cross-entropy for weights [w00, w01, w10, w11] and biases [b0, b1].
  private func gradient(_ w: [Double], _ b: [Double], _ batch: (images: Tensor, targets: Tensor)) -> [Double]
  {
    var result = [Double](repeating: 0, count: 6)
    for n in 0..<2 {
      let x = [Double(batch.images[n * 2]), Double(batch.images[n * 2 + 1])]
      let logits = (0..<2).map { w[$0 * 2] * x[0] + w[$0 * 2 + 1] * x[1] + b[$0] }
      let total = logits.map { exp($0) }.reduce(0, +)
      for o in 0..<2 {
        let g = (exp(logits[o]) / total - Double(batch.targets[n * 2 + o])) / 2
        result[o * 2] += g * x[0]
        result[o * 2 + 1] += g * x[1]
        result[4 + o] += g
      }
    }
    return result
  }

  @Test(arguments: [false, true])
  func stepsFollowTheFormula(nesterov: Bool) throws {
    let (graph, logits, layer) = tiny()
    let trainer = Trainer(
      graph, logits: logits,
      groups: [
        ParameterGroup(name: "weights", parameters: [layer.weight], rateFactor: 1, weightDecay: 0.01),
        ParameterGroup(name: "biases", parameters: [layer.bias], rateFactor: 0.1, weightDecay: 0),
      ], rule: Trainer.Rule(momentum: 0.9, nesterov: nesterov))
    var values = [0.5, -0.25, 0.125, 1, 0.1, -0.2]
    var directions = [Double](repeating: 0, count: 6)
    for batch in Self.batches {
      _ = try trainer.accumulate(images: batch.images, targets: batch.targets, loss: .softmax)
      trainer.step(rate: 0.2)
      let g = gradient(Array(values[..<4]), Array(values[4...]), batch)
      for i in 0..<6 {
        let (factor, decay) = i < 4 ? (1.0, 0.01) : (0.1, 0.0)
        let full = g[i] + decay * values[i]
        directions[i] = 0.9 * directions[i] + full
        values[i] -= 0.2 * factor * (nesterov ? full + 0.9 * directions[i] : directions[i])
      }
      let actual = layer.weight.value.elements + layer.bias.value.elements
      for (a, e) in zip(actual, values) { #expect(abs(Double(a) - e) < 1e-6) }
    }
  }

  /// Two passes before a step count as their mean.
  @Test func passesAreAveraged() throws {
    let (graph, logits, layer) = tiny()
    let trainer = Trainer(
      graph, logits: logits, groups: [ParameterGroup(name: "all", parameters: [layer.weight, layer.bias])],
      rule: Trainer.Rule())
    for batch in Self.batches.prefix(2) {
      _ = try trainer.accumulate(images: batch.images, targets: batch.targets, loss: .softmax)
    }
    trainer.step(rate: 0.5)
    let (w, b) = ([0.5, -0.25, 0.125, 1], [0.1, -0.2])
    let (first, second) = (gradient(w, b, Self.batches[0]), gradient(w, b, Self.batches[1]))
    let actual = layer.weight.value.elements + layer.bias.value.elements
    for i in 0..<6 {
      #expect(abs(Double(actual[i]) - ((w + b)[i] - 0.5 * (first[i] + second[i]) / 2)) < 1e-6)
    }
  }

  @Test func movingAverageAndState() throws {
    let (graph, logits, layer) = tiny()
    func trainer(_ graph: Graph, _ logits: Graph.NodeID, _ layer: Linear) -> Trainer {
      Trainer(
        graph, logits: logits, groups: [ParameterGroup(name: "all", parameters: [layer.weight, layer.bias])],
        rule: Trainer.Rule(averaging: 0.75))
    }
    let first = trainer(graph, logits, layer)
    var average = layer.bias.value.elements.map(Double.init)
    for batch in Self.batches {
      _ = try first.accumulate(images: batch.images, targets: batch.targets, loss: .softmax)
      first.step(rate: 0.3)
      for i in 0..<2 { average[i] = 0.75 * average[i] + 0.25 * Double(layer.bias.value[i]) }
    }
    let raw = layer.bias.value.elements
    first.withAveragedParameters {
      for i in 0..<2 { #expect(abs(Double(layer.bias.value[i]) - average[i]) < 1e-6) }
    }
    #expect(layer.bias.value.elements == raw)

    // Another trainer takes the state and goes on with the same numbers.
    let other = tiny()
    other.layer.weight.value = Tensor(layer.weight.value.elements, shape: [2, 2])
    other.layer.bias.value = Tensor(raw, shape: [2])
    let second = trainer(other.graph, other.logits, other.layer)
    let state = Dictionary(
      uniqueKeysWithValues: first.state.map { ($0.name, Tensor($0.tensor.elements, shape: $0.tensor.shape)) })
    #expect(second.restore(["momentum.fc.weight": Tensor(shape: [2, 2])]).count == 3)
    #expect(second.restore(state).isEmpty)
    for trainer in [first, second] {
      _ = try trainer.accumulate(
        images: Self.batches[0].images, targets: Self.batches[0].targets, loss: .softmax)
      trainer.step(rate: 0.3)
    }
    #expect(layer.weight.value.elements == other.layer.weight.value.elements)
    let averages = [first, second].map { $0.state.last?.tensor.elements }
    #expect(averages[0] == averages[1])
  }

  /// A tensor that was taken from a trainer stays as it is, whatever the trainer does then; while nobody holds one, the
  /// trainer stays in its memory.
  @Test func whatIsTakenStays() throws {
    let (graph, logits, layer) = tiny()
    let trainer = Trainer(
      graph, logits: logits, groups: [ParameterGroup(name: "all", parameters: [layer.weight, layer.bias])],
      rule: Trainer.Rule(averaging: 0.5))
    func learn() throws {
      _ = try trainer.accumulate(
        images: Self.batches[0].images, targets: Self.batches[0].targets, loss: .softmax)
      trainer.step(rate: 0.3)
    }
    func place() -> UnsafeMutablePointer<Float> { layer.weight.value.storage.pointer }
    try learn()
    let start = place()
    try learn()
    trainer.withAveragedParameters {}
    #expect(place() == start)

    let plain = layer.weight.value.reshaped([4])
    let averaged = trainer.withAveragedParameters { layer.bias.value }
    let state = trainer.state
    func contents() -> [[Float]] { [plain.elements, averaged.elements] + state.map(\.tensor.elements) }
    let taken = contents()
    try learn()
    trainer.withAveragedParameters { #expect(contents() == taken) }
    try learn()
    #expect(contents() == taken)
    #expect(layer.weight.value.elements != plain.elements)
    let saved = trainer.state.map {
      ($0.name, Tensor($0.tensor.elements.map { $0 + 1 }, shape: $0.tensor.shape))
    }
    #expect(trainer.restore(Dictionary(uniqueKeysWithValues: saved)).isEmpty)
    #expect(contents() == taken)
    // The same numbers as one that nobody took anything from.
    let other = tiny()
    let second = Trainer(
      other.graph, logits: other.logits,
      groups: [ParameterGroup(name: "all", parameters: [other.layer.weight, other.layer.bias])],
      rule: Trainer.Rule(averaging: 0.5))
    let third = tiny()
    var held: [Tensor] = []
    let watched = Trainer(
      third.graph, logits: third.logits,
      groups: [ParameterGroup(name: "all", parameters: [third.layer.weight, third.layer.bias])],
      rule: Trainer.Rule(averaging: 0.5))
    for batch in Self.batches {
      for trainer in [second, watched] {
        _ = try trainer.accumulate(images: batch.images, targets: batch.targets, loss: .softmax)
        trainer.step(rate: 0.3)
      }
      held += [third.layer.weight.value] + watched.state.map(\.tensor)
      watched.withAveragedParameters { held.append(third.layer.bias.value) }
    }
    #expect(other.layer.weight.value.elements == third.layer.weight.value.elements)
    #expect(second.state.map(\.tensor.elements) == watched.state.map(\.tensor.elements))
  }

  @Test(arguments: Loss.allCases)
  func lossesAndTheirGradients(loss: Loss) {
    let logits: [Float] = [1.5, -2, 0.25, 30, 4, -50]
    // The second picture counts for more than one.
    let targets: [Float] = [0.9, 0.05, 0.05, 0.25, 1, 0.5]
    func value(_ x: [Double]) -> Double {
      (0..<2).reduce(0.0) { sum, row in
        let total = (0..<3).reduce(0.0) { $0 + exp(x[row * 3 + $1]) }
        return sum
          + (0..<3).reduce(0.0) { sum, c in
            let (x, t) = (x[row * 3 + c], Double(targets[row * 3 + c]))
            return sum + (loss == .softmax ? -t * (x - log(total)) : log1p(exp(x)) - t * x)
          }
      } / 2
    }
    let (found, gradient) = loss.evaluate(
      logits: Tensor(logits, shape: [2, 3]), targets: Tensor(targets, shape: [2, 3]))
    let point = logits.map(Double.init)
    #expect(abs(found - value(point)) < 1e-9 * abs(found) + 1e-9)
    for i in 0..<6 {
      var (above, below) = (point, point)
      above[i] += 1e-5
      below[i] -= 1e-5
      #expect(abs(Double(gradient[i]) - (value(above) - value(below)) / 2e-5) < 1e-5)
    }
  }

  /// With a penalty a step goes down the loss plus the mean depth sum of a map: against central differences.
  @Test func penaltiesAreDescended() throws {
    var graph = Graph()
    let images = graph.append(Input())
    let conv = Convolution(
      name: "c", inputs: 3, outputs: 4, geometry: ConvolutionGeometry(kernel: 3, padding: 1))
    let map = graph.append(ReLU(), graph.append(conv, images))
    let head = Linear(name: "l", inputs: 4, outputs: 2)
    let logits = graph.append(head, graph.append(GlobalAveragePool(), map))
    Initializer.fill(graph.parameters, seed: 2)
    var noise = SeededGenerator(seed: 1, place: 1)
    let x = Tensor((0..<2 * 5 * 4 * 3).map { _ in Float(noise.normal()) }, shape: [2, 5, 4, 3])
    let targets = Tensor([1, 0, 0, 1], shape: [2, 2])
    let evaluator = { () throws -> Double in
      let values = try Evaluator(graph).values(of: [map, logits], images: x)
      let (output, activations) = try (#require(values[logits]), #require(values[map]))
      let loss = Loss.softmax.evaluate(logits: output, targets: targets).value
      return loss + 0.3 * activations.elements.reduce(0) { $0 + Double($1) } / Double(2 * 5 * 4)
    }
    let start = conv.weight.value.elements
    let expected = try [0, 17, 50, 107].map { place in
      func shifted(_ by: Float) throws -> Double {
        var weights = start
        weights[place] += by
        conv.weight.value = Tensor(weights, shape: conv.weight.shape)
        return try evaluator()
      }
      return try (shifted(1e-3) - shifted(-1e-3)) / 2e-3
    }
    conv.weight.value = Tensor(start, shape: conv.weight.shape)
    let trainer = Trainer(
      graph, logits: logits,
      groups: [ParameterGroup(name: "all", parameters: graph.parameters, weightDecay: 0)],
      rule: Trainer.Rule(momentum: 0), penalty: MapPenalty(node: map, activity: 0.3))
    _ = try trainer.accumulate(images: x, targets: targets, loss: .softmax)
    trainer.step(rate: 1)
    for (place, slope) in zip([0, 17, 50, 107], expected) {
      #expect(abs(Double(start[place] - conv.weight.value.elements[place]) - slope) < 2e-3)
    }
  }

  @Test func parametersBeginAsInPyTorch() {
    let conv = Convolution(
      name: "c", inputs: 64, outputs: 96, geometry: ConvolutionGeometry(kernel: 3, groups: 2))
    let back = Convolution(
      name: "t", inputs: 64, outputs: 32, geometry: ConvolutionGeometry(kernel: 3), transposed: true)
    let norm = BatchNormalization(name: "n", channels: 5)
    let linear = Linear(name: "l", inputs: 400, outputs: 30)
    let all = [
      conv.weight, back.weight, norm.scale, norm.shift, norm.runningVariance, linear.weight, linear.bias,
    ]
    Initializer.fill(all, seed: 3)
    func deviation(_ t: Tensor) -> Double {
      (t.elements.reduce(0) { $0 + Double($1) * Double($1) } / Double(t.count)).squareRoot()
    }
    // Fan-out: the first dimension times the window.
    #expect(abs(deviation(conv.weight.value) / (2.0 / (96 * 9)).squareRoot() - 1) < 0.02)
    #expect(abs(deviation(back.weight.value) / (2.0 / (64 * 9)).squareRoot() - 1) < 0.02)
    #expect(norm.scale.value.elements == [1, 1, 1, 1, 1] && norm.shift.value.elements == [0, 0, 0, 0, 0])
    #expect(norm.runningVariance.value.elements == [1, 1, 1, 1, 1])
    for parameter in [linear.weight, linear.bias] {
      let largest = parameter.value.elements.map(abs).max() ?? 0
      #expect(largest <= 0.05 && largest > 0.04)
    }
    let first = conv.weight.value.elements
    Initializer.fill([conv.weight], seed: 3)
    #expect(conv.weight.value.elements == first)
    Initializer.fill([conv.weight], seed: 4)
    #expect(conv.weight.value.elements != first)
  }
}
