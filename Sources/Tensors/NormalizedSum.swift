import CKernels

/// Mean and variance of each channel over a batch: what batch normalisation in training divides by.
package struct BatchStatistics: Sendable {
  /// [C]
  package let mean: Tensor
  /// [C], biased: over the number of values.
  package let variance: Tensor
  /// Values of each channel.
  package let count: Int

  /// Given statistics, such as running ones.
  package init(mean: Tensor, variance: Tensor, count: Int) {
    self.mean = mean
    self.variance = variance
    self.count = count
  }
}

extension Tensor {
  /// The statistics of [N, H, W, C] over all but the last dimension. Sums are gathered in double, the same for every
  /// number of threads.
  package func batchStatistics() -> BatchStatistics {
    let (mean, variance) = (Tensor(uninitialized: [channels]), Tensor(uninitialized: [channels]))
    let positions = count / channels
    precondition(positions > 0, "no values to take statistics of")
    edviz_moments(
      mean.storage.pointer, variance.storage.pointer, storage.pointer, Int64(positions), Int64(channels))
    return BatchStatistics(mean: mean, variance: variance, count: positions)
  }
}

/// Batch normalisation of one tensor: y = scale · (x − mean) / √(variance + ε) + shift.
package struct Normalization: Sendable {
  /// [C], learnt.
  package let scale: Tensor
  /// What is taken off and divided by.
  package let statistics: BatchStatistics
  /// Whether the statistics are those of the values themselves, so that gradients go through them, too.
  package let isOfBatch: Bool
  /// [C]: 1 / √(variance + ε).
  package let inverseDeviation: Tensor
  /// y as a factor and an offset for each channel.
  package let affine: ChannelAffine

  /// A normalisation by given statistics.
  package init(scale: Tensor, shift: Tensor, statistics: BatchStatistics, isOfBatch: Bool, epsilon: Float) {
    let count = scale.count
    precondition(shift.count == count && statistics.mean.count == count)
    self.scale = scale
    self.statistics = statistics
    self.isOfBatch = isOfBatch
    let inverse = Tensor(shape: [count]) { inverse in
      for c in 0..<count { inverse[c] = 1 / (statistics.variance[c] + epsilon).squareRoot() }
    }
    inverseDeviation = inverse
    let factor = Tensor(shape: [count]) { factor in
      for c in 0..<count { factor[c] = scale[c] * inverse[c] }
    }
    affine = ChannelAffine(
      scale: factor,
      shift: Tensor(shape: [count]) { offset in
        for c in 0..<count { offset[c] = shift[c] - statistics.mean[c] * factor[c] }
      })
  }
}

/// A sum of tensors of one shape, each normalised or as it is, and ReLU or not: every elementwise part of a residual
/// network (normalisation alone, with ReLU, and the end y = ReLU(F + x + ED) of a block) in one pass each way.
package struct NormalizedSum {
  /// One normalised tensor.
  package struct Term {
    fileprivate(set) var values: Tensor
    /// How it is normalised.
    package let normalization: Normalization

    /// Values under a normalisation.
    package init(_ values: Tensor, _ normalization: Normalization) {
      self.values = values
      self.normalization = normalization
    }
  }

  /// What a normalised term is given on the way back.
  package struct TermGradients {
    /// Of the values, of their shape.
    package let values: Tensor
    /// [C]
    package let scale: Tensor
    /// [C]
    package let shift: Tensor
  }

  private var terms: [Term]
  private let output: Tensor?
  private let isClamped: Bool

  /// What the gradient needs of a sum: its normalised terms, at most three (the others leave no trace), and its output
  /// if it is clamped.
  package init(terms: [Term], clampedTo output: Tensor?) {
    precondition(terms.count <= 3)
    self.terms = terms
    self.output = output
    isClamped = output != nil
  }

  /// A single normalised term and nothing else under ReLU: its output need not be kept, but is computed again.
  package init(loneClamped term: Term) {
    terms = [term]
    output = nil
    isClamped = true
  }

  /// The gradients, where the output's is the sum of one to three `contributions`: of the sum before ReLU, which is that
  /// of every term that is not normalised, and of what belongs to each normalised one. Memory of the contributions and
  /// of the terms' values is written over if nobody else holds it.
  package consuming func gradients(
    _ contributions: consuming [Tensor]
  ) -> (sum: Tensor, terms: [TermGradients]) {
    let (sum, terms) = gradients(contributions, needsSum: true)
    guard let sum else { preconditionFailure("the sum was asked for") }
    return (sum, terms)
  }

  /// As `gradients(_:)`; the sum's is left out where nobody needs it and a pass over memory is spared.
  package consuming func gradients(
    _ contributions: consuming [Tensor], needsSum: Bool
  ) -> (sum: Tensor?, terms: [TermGradients]) {
    var contributions = contributions
    precondition((1...3).contains(contributions.count), "one to three contributions")
    let shape = contributions[0].shape
    let channels = contributions[0].channels
    precondition(
      contributions.allSatisfy { $0.shape == shape } && terms.allSatisfy { $0.values.shape == shape })

    // A lone term of a lone contribution is masked and spread without writing the masked gradient down.
    let masksByTerm = isClamped && output == nil
    let isWritten = needsSum || terms.count != 1 || contributions.count > 1 || (isClamped && !masksByTerm)
    let isSame = contributions.count == 1 && !isClamped
    var gathered: Tensor?
    if isWritten, !isSame {
      let free = contributions.indices.first { contributions[$0].isUnique() }
      gathered = free.map { contributions[$0] } ?? Tensor(uninitialized: shape)
    }
    if isSame && terms.isEmpty { return (contributions[0], []) }

    let sums = Tensor(uninitialized: [terms.count + 1, channels])
    gather(contributions, into: gathered, sums: sums)
    var gradient = gathered ?? contributions[0]
    gathered = nil
    contributions = []
    var results: [TermGradients] = []
    let count = terms.count
    for index in 0..<count {
      var values = terms[index].values
      let normalization = terms[index].normalization
      terms[index].values = sums
      let mayOverwrite = !needsSum && index == count - 1
      results.append(
        Self.spread(
          &gradient, &values, normalization, sums: sums, term: index, isMasked: masksByTerm && !isWritten,
          mayOverwriteGradient: mayOverwrite))
    }
    return (isWritten && needsSum ? gradient : nil, results)
  }

  private func gather(_ contributions: [Tensor], into gathered: Tensor?, sums: Tensor) {
    var request = edviz_gradient()
    request.contribution_count = Int32(contributions.count)
    request.contributions.0 = UnsafePointer(contributions[0].storage.pointer)
    if contributions.count > 1 { request.contributions.1 = UnsafePointer(contributions[1].storage.pointer) }
    if contributions.count > 2 { request.contributions.2 = UnsafePointer(contributions[2].storage.pointer) }
    request.terms = Int32(terms.count)
    request.channels = Int64(contributions[0].channels)
    request.positions = Int64(contributions[0].count / contributions[0].channels)
    if isClamped, let output {
      request.mask = Int32(EDVIZ_MASK_OUTPUT)
      request.output = UnsafePointer(output.storage.pointer)
    } else if isClamped {
      request.mask = Int32(EDVIZ_MASK_TERM)
      request.scale = UnsafePointer(terms[0].normalization.affine.scale.storage.pointer)
      request.shift = UnsafePointer(terms[0].normalization.affine.shift.storage.pointer)
    }
    func values(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(terms[index].values.storage.pointer) }
    func means(_ index: Int) -> UnsafePointer<Float> {
      UnsafePointer(terms[index].normalization.statistics.mean.storage.pointer)
    }
    if !terms.isEmpty { (request.values.0, request.means.0) = (values(0), means(0)) }
    if terms.count > 1 { (request.values.1, request.means.1) = (values(1), means(1)) }
    if terms.count > 2 { (request.values.2, request.means.2) = (values(2), means(2)) }
    withExtendedLifetime((contributions, gathered, terms, output, sums)) {
      edviz_gather(gathered?.storage.pointer, sums.storage.pointer, &request)
    }
  }

  /// The gradients of one term from Σ g and Σ g · (x − mean), as torch.nn.BatchNorm2d: with batch statistics
  /// dx = scale / σ · (g − mean(g) − x̂ · mean(g · x̂)), with others scale / σ · g.
  private static func spread(
    _ gradient: inout Tensor, _ values: inout Tensor, _ normalization: Normalization, sums: Tensor, term: Int,
    isMasked: Bool, mayOverwriteGradient: Bool
  ) -> TermGradients {
    let channels = normalization.scale.count
    let (mean, inverse) = (normalization.statistics.mean, normalization.inverseDeviation)
    let (scale, shift) = (Tensor(uninitialized: [channels]), Tensor(uninitialized: [channels]))
    let (slope, offset) = (Tensor(shape: [channels]), Tensor(shape: [channels]))
    let count = Double(normalization.statistics.count)
    for c in 0..<channels {
      let (total, product) = (sums[c], sums[(term + 1) * channels + c])
      shift.storage.pointer[c] = total
      scale.storage.pointer[c] = product * inverse[c]
      guard normalization.isOfBatch else { continue }
      // factor · (g − total / n − (x − mean) · inverse² · product / n)
      let factor = Double(normalization.scale[c]) * Double(inverse[c])
      let steepness = -factor * Double(inverse[c]) * Double(inverse[c]) * Double(product) / count
      slope.storage.pointer[c] = Float(steepness)
      offset.storage.pointer[c] = Float(-factor * Double(total) / count - steepness * Double(mean[c]))
    }
    let output: Tensor
    if mayOverwriteGradient, gradient.isUnique() {
      output = gradient
    } else if values.isUnique() {
      output = values
    } else {
      output = Tensor(uninitialized: values.shape)
    }
    let mask = isMasked ? normalization.affine : nil
    withExtendedLifetime((mask, normalization, slope, offset)) {
      edviz_spread(
        output.storage.pointer, gradient.storage.pointer, values.storage.pointer,
        normalization.affine.scale.storage.pointer, slope.storage.pointer, offset.storage.pointer,
        mask?.scale.storage.pointer, mask?.shift.storage.pointer, Int64(values.count / channels),
        Int64(channels))
    }
    return TermGradients(values: output, scale: scale, shift: shift)
  }
}
