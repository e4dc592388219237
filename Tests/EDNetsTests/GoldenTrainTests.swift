import Foundation
import Networks
import Tensors
import Testing

/// Training computed by PyTorch in double precision, in a case that is well conditioned: in `Reference/make_train_double.py`
/// no input of a ReLU and no maximum is so near to the other choice that rounding could make it.
struct TrainingReference: Decodable, CustomTestStringConvertible {
  let model: String
  let seed: UInt64
  let input: [Int]
  let labels: [Int]
  let lr: Float
  let momentum: Float
  let nesterov: Bool
  let weightDecay: Float
  /// The least distance of a ReLU's input from 0, of a pooling's largest value from the next, and of another maximum's.
  let margins: [String: Double]
  /// For the names of parameters, channels and by how many 4096ths they are moved, which makes the margin of the ReLUs.
  let shifts: [String: [Int]]
  /// Before each step.
  let losses: [Double]
  /// Of the first step.
  let gradients: [String: TensorSketch]
  /// What all steps together have changed of each running statistic and, where there are several, of each parameter.
  let changes: [String: TensorSketch]
  /// In evaluation mode, after the steps; every fiftieth of a thousand.
  let logits: [Double]

  var testDescription: String {
    "\(model) at \(input[2])×\(input[3])" + (losses.count > 1 ? ", \(losses.count) steps" : "")
  }

  static let all: [TrainingReference] = ["train-double", "train-steps"].flatMap { name -> [Self] in
    let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures")
    guard let url, let data = try? Data(contentsOf: url) else { return [] }
    return (try? JSONDecoder().decode([Self].self, from: data)) ?? []
  }
}

/// Losses, gradients, steps and running statistics of whole networks against double precision, on both backends.
///
/// Tensors are compared whole, in L2 relative to the norm, all of them together and each by itself. Because the cases leave
/// rounding no choice, one set of tolerances holds for all, and on every processor: it is some times what PyTorch's own
/// float32 is off (see `Reference/make_train_double.py`), and far below what a term that is missing changes.
@Suite struct GoldenTrainTests {
  @Test func casesAreThere() {
    #expect(TrainingReference.all.count == 8)
    for reference in TrainingReference.all {
      // Inputs of ReLUs are off by some 1e-6 in the first layers and 1e-5 in the last, pooled values by 1e-6.
      #expect(reference.margins["relu"] ?? 0 > 5e-5, "\(reference.testDescription)")
      #expect(reference.margins.values.allSatisfy { $0 > 5e-6 }, "\(reference.testDescription)")
      #expect((reference.margins["max"] != nil) == reference.model.hasPrefix("cbam"))
    }
  }

  @Test(arguments: TrainingReference.all, ["onednn", "openblas"])
  func stepsAgree(reference: TrainingReference, backendName: String) throws {
    let trainer = try GoldenTrainer(
      model: reference.model, seed: reference.seed, input: reference.input, labels: reference.labels,
      shifts: reference.shifts, backend: backendName)
    let (loss, found) = try trainer.gradients()
    let gradients = try Comparison(found.mapValues { $0.elements.map(Double.init) }, reference.gradients)

    let before = trainer.network.parameters.map { ($0, $0.value.elements) }
    let losses = try trainer.descend(
      GoldenTrainer.Descent(
        rate: reference.lr, momentum: reference.momentum, weightDecay: reference.weightDecay,
        nesterov: reference.nesterov), steps: reference.losses.count)
    func changes(_ isLearnt: Bool) throws -> Comparison {
      let changed = before.filter { $0.0.isLearnt == isLearnt }.map { parameter, old in
        (parameter.name, zip(parameter.value.elements, old).map { Double($0) - Double($1) })
      }
      let names = Set(changed.map(\.0))
      return try Comparison(
        Dictionary(uniqueKeysWithValues: changed), reference.changes.filter { names.contains($0.key) })
    }
    let statistics = try changes(false)
    let steps = reference.losses.count > 1 ? try changes(true) : nil
    let all = try trainer.evaluate().elements.map(Double.init)
    let logits = stride(from: 0, to: all.count, by: all.count / reference.logits.count).map { all[$0] }
    #expect(logits.count == reference.logits.count)

    let lossError = zip([loss] + losses, [reference.losses[0]] + reference.losses).map { abs($0 / $1 - 1) }
    let logitsError = norm(zip(logits, reference.logits).map { $0 - $1 }) / norm(reference.logits)
    print(
      "\(reference.testDescription) on \(backendName): losses \(lossError.max() ?? 0), gradients \(gradients), "
        + "steps \(steps?.whole ?? 0), statistics \(statistics), logits \(logitsError)")
    for error in lossError { #expect(error < 5e-6) }
    #expect(gradients.whole < 1e-4)
    #expect(gradients.worst < 1e-3, "\(gradients.worstName)")
    // Each by itself is mostly rounding where a step is small beside the parameter.
    if let steps { #expect(steps.whole < 1e-4) }
    #expect(statistics.whole < 5e-5)
    #expect(statistics.worst < 5e-4, "\(statistics.worstName)")
    #expect(logitsError < 2e-5)
  }

  /// How far tensors are from sketches of what they should be.
  private struct Comparison: CustomStringConvertible {
    /// Of all together, as a share of the norm of all.
    let whole: Double
    /// The largest of a tensor by itself, as a share of its own norm, and whose it is.
    let worst: Double
    let worstName: String

    var description: String { "\(whole) (\(worst), \(worstName))" }

    init(_ found: [String: [Double]], _ expected: [String: TensorSketch]) throws {
      #expect(Set(found.keys) == Set(expected.keys))
      var (gaps, norms, worst) = ([Double](), [Double](), (0.0, ""))
      for (name, sketch) in expected {
        let values = try #require(found[name])
        // Comparisons pass over NaN.
        #expect(values.allSatisfy { $0.isFinite }, "\(name)")
        let gap = sketch.distance(to: values, named: name)
        gaps.append(gap)
        norms.append(sketch.norm)
        #expect(sketch.norm > 0, "\(name)")
        if gap / sketch.norm > worst.0 { worst = (gap / sketch.norm, name) }
      }
      whole = norm(gaps) / norm(norms)
      (self.worst, worstName) = worst
    }
  }
}

/// √Σx².
private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
