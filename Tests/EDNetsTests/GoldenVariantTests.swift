import Checkpoints
import EDNets
import Foundation
import Networks
import Tensors
import Testing

/// A narrow network of one variant, computed by timm or torchvision (Reference/make_variants.py) from parameters that are
/// generated from their PyTorch names.
struct VariantCase: Decodable, CustomTestStringConvertible {
  struct Sketch: Decodable {
    let shape: [Int]
    let mean: Double
    let meanAbs: Double
    let index: [Int]
    let value: [Float]
  }
  struct NamedShape: Decodable {
    let name: String
    let shape: [Int]

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      name = try values.decode(String.self)
      shape = try values.decode([Int].self)
    }
  }

  let title: String
  /// Of the images.
  let seed: UInt64
  /// What the weights leave open.
  let variants: [String]
  /// [N, C, H, W]
  let input: [Int]
  let tensors: [NamedShape]
  let logits: [Float]
  let blocks: [String: Sketch]
  /// In evaluation and with the batch's statistics.
  let loss: Double, batchLoss: Double
  /// Norm, and product with generated numbers, of each gradient in evaluation.
  let gradients: [String: [Double]]

  static let seed: UInt64 = 20_261_128

  var testDescription: String { title }

  static let all: [VariantCase] = {
    let url = Bundle.module.url(forResource: "variants", withExtension: "json", subdirectory: "Fixtures")
    guard let url, let data = try? Data(contentsOf: url) else { return [] }
    return (try? JSONDecoder().decode([VariantCase].self, from: data)) ?? []
  }()

  /// The weights under PyTorch's names.
  func checkpoint() throws -> Checkpoint {
    try Checkpoint(
      tensors.map { ($0.name, GoldenGenerator.tensor(named: $0.name, shape: $0.shape, seed: Self.seed)) })
  }

  var images: Tensor {
    GoldenGenerator.tensor(named: "input", shape: input, seed: seed).channelsLast()
  }
}

/// Each variant is told from names and shapes, or by its word where these leave it open, and computes what timm does, forward and
/// backward, on both backends.
///
/// Tolerances: 1e-4 of the mean absolute value forward, as everywhere; the losses 1e-5; gradients, which are compared with
/// float64, 1e-4 of their norm (5e-6 was met): the images leave no ReLU and no maximum a choice that rounding decides.
@Suite struct GoldenVariantTests {
  @Test func casesAreThere() { #expect(VariantCase.all.count == 30) }

  @Test(arguments: VariantCase.all, ["onednn", "openblas"])
  func valuesAgree(golden: VariantCase, backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let model = try Model(
      checkpoint: golden.checkpoint(), variants: NetworkVariant.list(golden.variants))
    let network = model.network
    let evaluator = Evaluator(network.graph, backend: backend)
    let outputs = Set(network.blocks.map(\.output) + [network.logits])
    let values = try evaluator.values(of: outputs, images: golden.images)
    var worst = 0.0
    func compare(_ value: Tensor, _ expected: [Float], at index: [Int]?, meanAbs: Double) {
      for (place, number) in expected.enumerated() {
        let difference = abs(Double(value[index?[place] ?? place] - number)) / meanAbs
        worst = difference.isFinite ? max(worst, difference) : .infinity
      }
    }
    for block in network.blocks {
      let (sketch, value) = (
        try #require(golden.blocks[block.name]), try #require(values[block.output]).channelsFirst()
      )
      #expect(value.shape == sketch.shape, "\(block.name)")
      compare(value, sketch.value, at: sketch.index, meanAbs: sketch.meanAbs)
      let mean = value.elements.reduce(0) { $0 + Double($1) } / Double(value.count)
      worst = max(worst, abs(mean - sketch.mean) / sketch.meanAbs)
    }
    #expect(golden.blocks.count == network.blocks.count)
    let meanAbs = golden.logits.reduce(0) { $0 + Double(abs($1)) } / Double(golden.logits.count)
    compare(try #require(values[network.logits]), golden.logits, at: nil, meanAbs: meanAbs)
    // The fused plan, in which no tap is wanted.
    let fused = try evaluator.values(of: [network.logits], images: golden.images)
    compare(try #require(fused[network.logits]), golden.logits, at: nil, meanAbs: meanAbs)
    print("\(golden.title) on \(backendName): worst error \(worst) of the mean absolute value")
    #expect(worst < 1e-4)
  }

  @Test(arguments: VariantCase.all, ["onednn", "openblas"])
  func gradientsAgree(golden: VariantCase, backendName: String) throws {
    let backend = try #require(ConvolutionBackends.all.first { $0.name == backendName })
    let network = try Model(
      checkpoint: golden.checkpoint(), variants: NetworkVariant.list(golden.variants)
    ).network
    let (count, classes) = (golden.input[0], network.description.classes)
    let targets = Tensor(shape: [count, classes]) { targets in
      targets.update(repeating: 0)
      for row in 0..<count { targets[row * classes + row % 5] = 1 }
    }
    let learnt = network.parameters.filter(\.isLearnt)
    let gradients = ParameterGradients(learnt)
    let tape = Tape(network.graph, outputs: [network.logits], statistics: .running, backend: backend)
    let logits = try #require(try tape.forward(golden.images)[network.logits])
    let (loss, seed) = Loss.softmax.evaluate(logits: logits, targets: targets)
    _ = try tape.backward(from: [network.logits: seed], into: gradients)
    #expect(abs(loss / golden.loss - 1) < 1e-5)

    let names = try #require(ParameterNames(detectedIn: golden.tensors.map(\.name)))
    var worst = 0.0
    #expect(learnt.count == golden.gradients.count)
    for parameter in learnt {
      let name = try #require(names.original(parameter.name))
      let (expected, gradient) = (
        try #require(golden.gradients[name], "\(name)"), try #require(gradients[parameter]).elements
      )
      let probe = GoldenGenerator.tensor(named: "input", shape: [gradient.count], seed: VariantCase.seed)
      let norm = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      let product = zip(gradient, probe.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      let error = max(abs(norm - expected[0]), abs(product - expected[1])) / max(expected[0], 1e-12)
      worst = error.isFinite ? max(worst, error) : .infinity
    }
    print("\(golden.title) on \(backendName): worst gradient \(worst) of its norm")
    #expect(worst < 1e-4)

    let batch = Tape(network.graph, outputs: [network.logits], backend: backend)
    let trained = try #require(try batch.forward(golden.images)[network.logits])
    #expect(abs(Loss.softmax.evaluate(logits: trained, targets: targets).value / golden.batchLoss - 1) < 1e-3)
  }

  /// Exported under torchvision's and timm's names, the tensors are those that came.
  @Test(arguments: VariantCase.all)
  func namesAndShapesComeBack(golden: VariantCase) throws {
    let checkpoint = try golden.checkpoint()
    let back = try checkpoint.withTorchvisionNames()
    let shapes = Dictionary(uniqueKeysWithValues: golden.tensors.map { ($0.name, $0.shape) })
    #expect(Dictionary(uniqueKeysWithValues: back.map { ($0.name, $0.shape) }) == shapes)
  }
}
