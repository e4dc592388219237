import Foundation
import Tensors
import Testing

/// Training computed by an independent PyTorch implementation in float32, whose parameters and input are generated from
/// their names.
struct FloatTraining: Decodable, CustomTestStringConvertible {
  struct Summary: Decodable {
    let norm: Double
    let sum: Double
  }

  let model: String
  let seed: UInt64
  let input: [Int]
  let labels: [Int]
  let lr: Float
  let momentum: Float
  let weightDecay: Float
  /// Before the first step and the second.
  let losses: [Double]
  /// Of the first step.
  let gradients: [String: Summary]

  var testDescription: String { "\(model) at \(input[2])×\(input[3])" }

  static let all: [FloatTraining] = {
    let url = Bundle.module.url(forResource: "train", withExtension: "json", subdirectory: "Fixtures")
    guard let url, let data = try? Data(contentsOf: url) else { return [] }
    return (try? JSONDecoder().decode([FloatTraining].self, from: data)) ?? []
  }()
}

/// The first losses and gradients of networks as they come, on both backends.
///
/// These cases are not well conditioned. With four images of 64 px the last encoder normalises over four values, and some
/// inputs of ReLUs are within rounding of 0: where PyTorch computes in double, or with noise of float32's size behind each
/// convolution, a single layer's gradient moves by up to 1e-2 of its norm, a single value by more, the third loss by a
/// quarter, and the logits after three steps by 5e-2. What hardly moves is asserted: the first loss (1.5e-6), the norms and
/// the sums of all layers' gradients as one vector (4e-4), and the second loss (3e-3). `GoldenTrainTests` asserts the rest,
/// in cases made for it.
@Suite struct GoldenFloatTrainTests {
  @Test func casesAreThere() { #expect(FloatTraining.all.count == 6) }

  @Test(arguments: FloatTraining.all, ["onednn", "openblas"])
  func firstStepAgrees(golden: FloatTraining, backendName: String) throws {
    let trainer = try GoldenTrainer(
      model: golden.model, seed: golden.seed, input: golden.input, labels: golden.labels, backend: backendName
    )
    let (loss, gradients) = try trainer.gradients()
    #expect(Set(gradients.keys) == Set(golden.gradients.keys))
    var (norms, sums, total) = (0.0, 0.0, 0.0)
    for (name, expected) in golden.gradients {
      let values = try #require(gradients[name]).elements.map(Double.init)
      let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(norm.isFinite, "\(name)")
      norms += (norm - expected.norm) * (norm - expected.norm)
      // A sum of n values of random signs is about √n of them.
      let sum = values.reduce(0, +) - expected.sum
      sums += sum * sum / Double(values.count)
      total += expected.norm * expected.norm
    }
    let errors = (norms: (norms / total).squareRoot(), sums: (sums / total).squareRoot())
    let losses = try trainer.descend(
      GoldenTrainer.Descent(rate: golden.lr, momentum: golden.momentum, weightDecay: golden.weightDecay),
      steps: 2)
    let second = abs(losses[1] / golden.losses[1] - 1)
    print(
      "\(golden.testDescription) on \(backendName): loss \(abs(loss / golden.losses[0] - 1)), "
        + "norms \(errors.norms), sums \(errors.sums), second loss \(second)")
    for found in [loss, losses[0]] { #expect(abs(found / golden.losses[0] - 1) < 1e-5) }
    #expect(errors.norms < 2e-3)
    #expect(errors.sums < 2e-3)
    #expect(second < 2e-2)
  }
}
