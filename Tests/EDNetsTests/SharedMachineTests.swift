import EDNets
import Glibc
import Networks
import Testing

@testable import Tensors

/// Ways to wait, held: one after the other, because a program has only one at a time.
@Suite(.serialized) struct SharedMachineTests {
  private static let ways: [WaitingPolicy.Waiting] = [.spinning, .sleeping]

  /// What a network makes of an image after a step of training, and the loss before it, on two threads.
  private func trained() throws -> (loss: Double, logits: [Float], momenta: [[Float]]) {
    try Threads.with(2) {
      let network = try Network(ModelRegistry.description(named: "cifar-ed-resnet20"))
      Initializer.fill(network.parameters, seed: 1)
      let trainer = Trainer(
        network.graph, logits: network.logits,
        groups: [
          ParameterGroup(name: "all", parameters: network.parameters.filter(\.isLearnt), weightDecay: 1e-4)
        ], rule: Trainer.Rule())
      let images = Tensor(shape: [4, 32, 32, 3]) { pixels in
        for i in pixels.indices { pixels[i] = Float(sin(Double(i))) }
      }
      let classes = network.description.classes
      let targets = Tensor(shape: [4, classes]) { targets in
        targets.update(repeating: 0)
        for n in 0..<4 { targets[n * classes + n] = 1 }
      }
      let (loss, _) = try trainer.accumulate(images: images, targets: targets, loss: .softmax)
      trainer.step(rate: 0.1)
      let values = try Evaluator(network.graph).values(of: [network.logits], images: images)
      return (loss, values[network.logits]?.elements ?? [], trainer.state.map(\.tensor.elements))
    }
  }

  /// Nothing is computed otherwise: forward, gradients, step and evaluation.
  @Test func resultsAreTheSameToTheBit() throws {
    defer { SharedMachine.shared.hold(nil) }
    let results = try Self.ways.map { way in
      SharedMachine.shared.hold(way)
      return try trained()
    }
    #expect(results[0].loss == results[1].loss)
    #expect(!results[0].logits.isEmpty && results[0].logits == results[1].logits)
    #expect(!results[0].momenta.isEmpty && results[0].momenta == results[1].momenta)
  }

  /// A pass forward may take fewer threads where others keep the processors busy: its values are the same.
  @Test(arguments: ["cifar-ed-resnet20", "ed-resnet18", "resnet50", "se-ed-resnext50"])
  func threadsChangeNoValueForward(name: String) throws {
    defer { SharedMachine.shared.hold(nil) }
    SharedMachine.shared.hold(.spinning)
    let network = try Network(ModelRegistry.description(named: name))
    Initializer.fill(network.parameters, seed: 1)
    let backend = try #require(ConvolutionBackends.all.first { $0.ignoresThreads })
    let images = Tensor(shape: [3, 64, 80, 3]) { pixels in
      for i in pixels.indices { pixels[i] = Float(sin(Double(i))) }
    }
    let wanted: Set = [network.logits, network.blocks[network.blocks.count - 2].output]
    let results = try [1, 2, 3].map { threads in
      try Threads.with(threads) {
        try Evaluator(network.graph, backend: backend).values(of: wanted, images: images).mapValues(
          \.elements)
      }
    }
    #expect(results[0].count == 2 && results[1] == results[0] && results[2] == results[0])
  }

  /// A team that has nothing to do for a while sleeps by the time that it is wanted, and who then waits for it sleeps as well,
  /// or makes way for it; however busy the machine is. Ways that follow each other quickly leave the last one.
  @Test func heldTeamsSleep() {
    defer { SharedMachine.shared.hold(nil) }
    for _ in 0..<50 { for way in Self.ways { SharedMachine.shared.hold(way) } }
    let terms = [Float](repeating: 1, count: 1 << 18)
    let x = Tensor(terms, shape: [1, 64, 64, 64])
    func switches() -> Int {
      var usage = rusage()
      // RUSAGE_THREAD, which Swift does not see.
      getrusage(1, &usage)
      return usage.ru_nvcsw + usage.ru_nivcsw
    }
    let before = switches()
    let rounds = 1000
    Threads.with(2) {
      for round in 0..<rounds {
        // On this thread alone.
        var generator = SeededGenerator(seed: UInt64(round))
        var sum: UInt64 = 0
        for _ in 0..<20_000 { sum &+= generator.next() }
        #expect(sum != 0)
        _ = x + x
      }
    }
    #expect(switches() - before > rounds / 2)
  }
}
