import Tensors

/// A sum of terms, each normalised or as it is, and ReLU or not: what a training plan makes of everything elementwise.
struct NormalizedTerms: Operation {
  /// One normalisation or none for each input.
  let norms: [BatchNormalization?]
  let relu: Bool

  func shape(of inputs: [[Int]]) -> [Int] { inputs[0] }

  func value(of inputs: [Tensor], on backend: any ConvolutionBackend) -> Tensor {
    Tensor.sum(zip(inputs, norms).map { Summand($0, affine: $1?.affine()) }, relu: relu)
  }

  func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) -> Recorded {
    var summands: [Summand] = []
    var terms: [NormalizedSum.Term] = []
    for (input, norm) in zip(inputs, norms) {
      guard let norm else {
        summands.append(Summand(input))
        continue
      }
      var batch: BatchStatistics?
      if pass.statistics == .batch {
        let found = input.batchStatistics()
        norm.updateRunningStatistics(found)
        batch = found
      }
      let normalization = norm.normalization(batch)
      terms.append(NormalizedSum.Term(input, normalization))
      summands.append(Summand(input, affine: normalization.affine))
    }
    let output = Tensor.sum(summands, relu: relu)
    // The mask of a lone normalised term is computed again from it.
    let sum = Remembered(
      relu && terms.count == 1 && inputs.count == 1
        ? NormalizedSum(loneClamped: terms[0]) : NormalizedSum(terms: terms, clampedTo: relu ? output : nil))
    return Recorded(output) { [norms, isOnce = pass.isOnce] contributions, isWanted, gradients in
      let needsSum = zip(norms, isWanted).contains { $0 == nil && $1 }
      let (whole, terms) = sum.take(forever: isOnce).gradients(
        Tensor.atMostThree(contributions), needsSum: needsSum)
      var next = terms.makeIterator()
      return norms.map { norm in
        guard let norm else { return whole }
        guard let term = next.next() else { return nil }
        gradients?.add(term.scale, to: norm.scale)
        gradients?.add(term.shift, to: norm.shift)
        return term.values
      }
    }
  }
}

/// Something that whoever takes it forever may write over.
private final class Remembered<Value> {
  private var value: Value?

  init(_ value: consuming Value) { self.value = value }

  func take(forever: Bool) -> Value {
    guard let taken = value else { preconditionFailure("the way back is gone once") }
    if forever { value = nil }
    return taken
  }
}

extension Tensor {
  /// The sum of one or more tensors of one shape.
  static func total(_ contributions: consuming [Tensor]) -> Tensor {
    let few = atMostThree(contributions)
    return few.count == 1 ? few[0] : sum(few.map { Summand($0) })
  }

  /// One to three tensors of the same sum.
  static func atMostThree(_ contributions: consuming [Tensor]) -> [Tensor] {
    var rest = contributions
    while rest.count > 3 {
      let last = rest.removeLast()
      let before = rest.removeLast()
      rest.append(before + last)
    }
    return rest
  }
}
