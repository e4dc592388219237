import EDNets
import Foundation
import Networks
import Tensors
import Testing

/// A network with generated parameters, and one batch that it is trained with again and again.
struct GoldenTrainer {
  /// How its optimiser moves.
  struct Descent {
    let rate: Float
    let momentum: Float
    let weightDecay: Float
    var nesterov = false
  }

  let network: Network
  private let images: Tensor
  private let targets: Tensor
  private let backend: any ConvolutionBackend

  /// - Parameter shifts: channels and by how many 4096ths a parameter is moved there, in turns.
  init(
    model: String, seed: UInt64, input: [Int], labels: [Int], shifts: [String: [Int]] = [:], backend: String
  ) throws {
    self.backend = try #require(ConvolutionBackends.all.first { $0.name == backend })
    network = try Network(ModelRegistry.description(named: model))
    GoldenGenerator.fill(network, seed: seed)
    for (name, moves) in shifts {
      let parameter = try #require(network.parameters.first { $0.name == name })
      parameter.value.withUnsafeMutableElements { values in
        for place in stride(from: 0, to: moves.count, by: 2) {
          values[moves[place]] += Float(moves[place + 1]) / 4096
        }
      }
    }
    images = GoldenGenerator.tensor(named: "input", shape: input, seed: seed).channelsLast()
    let classes = network.description.classes
    targets = Tensor(shape: [labels.count, classes]) { targets in
      targets.update(repeating: 0)
      for (row, label) in labels.enumerated() { targets[row * classes + label] = 1 }
    }
  }

  /// The loss and every gradient, by a tape of their own, whose running statistics are put back.
  func gradients() throws -> (loss: Double, gradients: [String: Tensor]) {
    let before = network.parameters.map(\.value)
    let learnt = network.parameters.filter(\.isLearnt)
    let gradients = ParameterGradients(learnt)
    let tape = Tape(network.graph, outputs: [network.logits], backend: backend)
    let logits = try #require(try tape.forward(images)[network.logits])
    let (loss, seed) = Loss.softmax.evaluate(logits: logits, targets: targets)
    _ = try tape.backward(from: [network.logits: seed], into: gradients)
    for (parameter, value) in zip(network.parameters, before) { parameter.value = value }
    return (
      loss,
      Dictionary(uniqueKeysWithValues: try learnt.map { ($0.name, try #require(gradients[$0])) })
    )
  }

  /// Takes steps: the loss before each.
  func descend(_ descent: Descent, steps: Int) throws -> [Double] {
    let trainer = Trainer(
      network.graph, logits: network.logits,
      groups: [
        ParameterGroup(
          name: "all", parameters: network.parameters.filter(\.isLearnt), weightDecay: descent.weightDecay)
      ], rule: Trainer.Rule(momentum: descent.momentum, nesterov: descent.nesterov), backend: backend)
    return try (0..<steps).map { _ in
      let (loss, _) = try trainer.accumulate(images: images, targets: targets, loss: .softmax)
      trainer.step(rate: descent.rate)
      return loss
    }
  }

  /// The logits in evaluation mode.
  func evaluate() throws -> Tensor {
    let values = try Evaluator(network.graph, backend: backend).values(of: [network.logits], images: images)
    return try #require(values[network.logits])
  }
}
