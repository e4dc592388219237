import Networks
import Tensors
import Testing

/// Gradients through a small graph that has every operation, in both modes, at every node.
@Suite struct TapeTests {
  /// A stem, a block with a projectionless shortcut of another size, an encoder-decoder and a head.
  struct Small {
    var graph = Graph()
    let input: Graph.NodeID
    let stem: Graph.NodeID
    let activated: Graph.NodeID
    let sum: Graph.NodeID
    let output: Graph.NodeID
    let encoded: Graph.NodeID
    let decoded: Graph.NodeID
    let logits: Graph.NodeID
    let decodedNorm: BatchNormalization
    let stemNorm: BatchNormalization

    init() {
      func conv(_ name: String, _ ins: Int, _ outs: Int, _ g: ConvolutionGeometry, transposed: Bool = false)
        -> Convolution
      { Convolution(name: name, inputs: ins, outputs: outs, geometry: g, transposed: transposed) }
      let three = ConvolutionGeometry(kernel: 3, padding: 1)
      let halving = ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2)
      input = graph.append(Input())
      stemNorm = BatchNormalization(name: "bn1", channels: 4)
      let convolved = graph.append(conv("conv1", 3, 4, three), input)
      stem = graph.append(stemNorm, convolved)
      activated = graph.append(ReLU(), stem)
      let pooled = graph.append(
        MaxPool(ConvolutionGeometry(kernel: 3, stride: 2, padding: 1)), activated)
      let transform = graph.append(
        BatchNormalization(name: "bn2", channels: 6),
        graph.append(
          conv("conv2", 4, 6, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1)), pooled))
      let shortcut = graph.append(Subsample(stride: 2, channels: 6), pooled)
      encoded = graph.append(
        ReLU(),
        graph.append(
          BatchNormalization(name: "bn3", channels: 4),
          graph.append(conv("encoder", 6, 4, halving), shortcut)))
      decodedNorm = BatchNormalization(name: "bn4", channels: 6)
      let back = graph.append(
        conv("decoder", 4, 6, halving, transposed: true), encoded, shortcut)
      decoded = graph.append(decodedNorm, back)
      sum = graph.append(Sum(), transform, shortcut, decoded)
      output = graph.append(ReLU(), sum)
      logits = graph.append(
        Linear(name: "fc", inputs: 6, outputs: 3),
        graph.append(GlobalAveragePool(), output))
      for (index, parameter) in graph.parameters.enumerated() {
        var generator = SeededGenerator(seed: 5, place: UInt64(index))
        parameter.value = Tensor(shape: parameter.shape) { values in
          for i in values.indices {
            let isPositive = parameter.role == .runningVariance || parameter.role == .scale
            values[i] = isPositive ? Float(0.5 + generator.uniform()) : Float(0.4 * generator.normal())
          }
        }
      }
    }
  }

  static let images: Tensor = {
    var generator = SeededGenerator(seed: 9, place: 1)
    return Tensor(shape: [3, 13, 11, 3]) { for i in $0.indices { $0[i] = Float(generator.normal()) } }
  }()
  static let targets = Tensor([0.8, 0.1, 0.1, 0, 1, 0, 0.2, 0.3, 0.5], shape: [3, 3])

  private func loss(
    _ small: Small, _ images: Tensor, _ statistics: Tape.Statistics, _ backend: any ConvolutionBackend
  ) throws -> Double {
    let running = small.graph.parameters.filter { !$0.isLearnt }.map { ($0, $0.value) }
    defer { for (parameter, value) in running { parameter.value = value } }
    let tape = Tape(small.graph, outputs: [small.logits], statistics: statistics, backend: backend)
    let logits = try #require(try tape.forward(images)[small.logits])
    return Loss.softmax.evaluate(logits: logits, targets: Self.targets).value
  }

  /// Along a parameter's gradient the loss rises by the gradient's norm. Tolerance 3 %: differences of float32 losses
  /// over steps that may cross kinks of ReLU and max-pooling.
  @Test(arguments: [Tape.Statistics.batch, .running], ["onednn", "openblas"])
  func parametersAndImages(statistics: Tape.Statistics, backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let small = Small()
    let learnt = small.graph.parameters.filter(\.isLearnt)
    let gradients = ParameterGradients(learnt)
    let running = small.graph.parameters.filter { !$0.isLearnt }.map { ($0, $0.value) }
    let tape = Tape(
      small.graph, outputs: [small.logits], watched: [small.input], statistics: statistics, backend: backend)
    let logits = try #require(try tape.forward(Self.images)[small.logits])
    let (_, seed) = Loss.softmax.evaluate(logits: logits, targets: Self.targets)
    let found = try tape.backward(from: [small.logits: seed], into: gradients)
    for (parameter, value) in running { parameter.value = value }

    func rises(_ gradient: Tensor, _ name: String, _ moved: (Tensor) throws -> Double) throws {
      let norm = gradient.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      // Batch statistics take off whatever a scale before them adds, so some gradients are nearly zero.
      guard norm > 1e-3 else { return }
      let length = 0.004
      let step = Tensor(gradient.elements.map { Float(Double($0) / norm * length) }, shape: gradient.shape)
      let back = Tensor(step.elements.map { -$0 }, shape: step.shape)
      let slope = (try moved(step) - moved(back)) / (2 * length)
      #expect(abs(slope - norm) < 0.03 * norm + 2e-4, "\(name): \(slope) and \(norm)")
    }
    for parameter in learnt {
      let value = parameter.value
      try rises(try #require(gradients[parameter]), parameter.name) { step in
        parameter.value = value + step
        defer { parameter.value = value }
        return try loss(small, Self.images, statistics, backend)
      }
    }
    try rises(try #require(found[small.input]), "images") { step in
      try loss(small, Self.images + step, statistics, backend)
    }
  }

  /// Watching every node changes no parameter's gradient, and nodes agree with each other: a ReLU passes its gradient
  /// where it is open, every term of a sum is given the sum's, and the sum over positions of what a normalisation is
  /// given is the gradient of its offset.
  @Test(arguments: [Tape.Statistics.batch, .running])
  func everyNodeCanBeWatched(statistics: Tape.Statistics) throws {
    func run(_ watched: Set<Graph.NodeID>, _ small: Small) throws -> (
      [Graph.NodeID: Tensor], ParameterGradients, [Graph.NodeID: Tensor]
    ) {
      let gradients = ParameterGradients(small.graph.parameters.filter(\.isLearnt))
      let outputs: Set = [small.logits, small.output, small.activated, small.encoded]
      let tape = Tape(small.graph, outputs: outputs, watched: watched, statistics: statistics)
      let values = try tape.forward(Self.images)
      let logits = try #require(values[small.logits])
      let (_, seed) = Loss.softmax.evaluate(logits: logits, targets: Self.targets)
      return (try tape.backward(from: [small.logits: seed], into: gradients), gradients, values)
    }
    let (plain, watched) = (Small(), Small())
    let (none, expected, _) = try run([], plain)
    #expect(none.isEmpty)
    let (found, gradients, values) = try run(Set(watched.graph.ids), watched)
    #expect(found.count == watched.graph.nodes.count)
    for (one, other) in zip(plain.graph.parameters, watched.graph.parameters) where one.isLearnt {
      let (a, b) = (try #require(expected[one]).elements, try #require(gradients[other]).elements)
      let scale = a.map(abs).max() ?? 0
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * max(scale, 1e-3) }, "\(one.name)")
    }
    let atSum = try #require(found[watched.sum])
    let atOutput = try #require(found[watched.output])
    let output = try #require(values[watched.output])
    for i in 0..<atSum.count { #expect(atSum[i] == (output[i] > 0 ? atOutput[i] : 0)) }
    #expect(try #require(found[watched.decoded]).elements == atSum.elements)
    for (node, norm) in [(watched.decoded, watched.decodedNorm), (watched.stem, watched.stemNorm)] {
      let gradient = try #require(found[node])
      let sums = gradient.reshaped([gradient.count / gradient.channels, gradient.channels]).columnSum()
      let shift = try #require(gradients[norm.shift])
      for c in 0..<sums.count { #expect(abs(sums[c] - shift[c]) < 1e-5) }
    }
  }

  /// Without parameters to learn, only what lies behind the watched nodes is gone through.
  @Test func gradientsOfATapAlone() throws {
    let small = Small()
    let tape = Tape(
      small.graph, outputs: [small.logits], watched: [small.output], statistics: .running, learns: false)
    _ = try tape.forward(Self.images)
    let seed = Tensor([1, 0, 0, 0, 0, 0, 0, 0, 0], shape: [3, 3])
    let found = try tape.backward(from: [small.logits: seed])
    let gradient = try #require(found[small.output])
    // The first image's first logit: the head's weights over the number of positions, and nothing for the others.
    let weights = try #require(small.graph.parameters.first { $0.name == "fc.weight" }).value
    let positions = gradient.height * gradient.width
    for i in 0..<gradient.count {
      let expected = i < positions * 6 ? weights[i % 6] / Float(positions) : 0
      #expect(abs(gradient[i] - expected) < 1e-6)
    }
  }

  /// Running statistics move as in PyTorch: a tenth of the way, with the unbiased variance.
  @Test func runningStatistics() throws {
    let small = Small()
    let mean = small.stemNorm.runningMean.value
    let variance = small.stemNorm.runningVariance.value
    let tape = Tape(small.graph, outputs: [small.logits])
    _ = try tape.forward(Self.images)
    let conv = try #require(small.graph.parameters.first { $0.name == "conv1.weight" })
    let values = try Self.images.convolved(
      with: ConvolutionKernel(conv.value), ConvolutionGeometry(kernel: 3, padding: 1))
    let count = values.count / 4
    for c in 0..<4 {
      let channel = (0..<count).map { Double(values[$0 * 4 + c]) }
      let center = channel.reduce(0, +) / Double(count)
      let unbiased = channel.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(count - 1)
      let newMean = 0.9 * Double(mean[c]) + 0.1 * center
      let newVariance = 0.9 * Double(variance[c]) + 0.1 * unbiased
      #expect(abs(Double(small.stemNorm.runningMean.value[c]) - newMean) < 1e-5)
      #expect(abs(Double(small.stemNorm.runningVariance.value[c]) - newVariance) < 1e-5)
    }
  }

  /// Each reader of a value sends a gradient back, however many they are: seven, where three are added at a time.
  @Test func everyReaderCounts() throws {
    var graph = Graph()
    let images = graph.append(Input())
    func threeReaders() -> Graph.NodeID {
      graph.append(Sum(), (0..<3).map { _ in graph.append(ReLU(), images) })
    }
    let sum = graph.append(Sum(), threeReaders(), threeReaders(), graph.append(ReLU(), images))
    let tape = Tape(graph, outputs: [sum], watched: [images])
    let x = Tensor([1, -2, 3, 0.5, -1, 2], shape: [1, 1, 2, 3])
    let seed = Tensor([1, 2, 3, 4, 5, 6], shape: x.shape)
    #expect(try tape.forward(x)[sum]?.elements == x.elements.map { 7 * max(0, $0) })
    let gradient = try #require(try tape.backward(from: [sum: seed])[images])
    #expect(gradient.elements == zip(x.elements, seed.elements).map { $0 > 0 ? 7 * $1 : 0 })
  }
}
