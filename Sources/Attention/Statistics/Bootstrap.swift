import Dispatch
import Tensors

/// The percentile bootstrap over pictures: as many pictures as there are are drawn with replacement, again and again,
/// and the middle 95 % of what a statistic then is are its interval. All columns see the same draws, so that differences
/// between them are paired.
///
/// Draws depend on the seed and the number of the resample alone. Time is resamples × pictures × columns, memory
/// one double a picture, and one a resample and column.
public struct Bootstrap: Sendable {
  /// Number of resamples.
  public let resamples: Int
  /// What the draws follow from.
  public let seed: UInt64

  /// A bootstrap.
  public init(resamples: Int = 2000, seed: UInt64 = 0) {
    precondition(resamples > 0, "there is at least one resample")
    self.resamples = resamples
    self.seed = seed
  }

  /// The value of each column in each resample, `[column][resample]`; NaN where no picture was drawn that counts.
  public func values(of columns: [RatioColumn]) -> [[Double]] {
    guard let count = columns.first?.numerators.count, count > 0 else { return columns.map { _ in [] } }
    precondition(columns.allSatisfy { $0.numerators.count == count }, "columns are of the same pictures")
    let flat = inParallel(resamples, columns.count) { resample, results in
      var generator = SeededGenerator(seed: seed, place: 1, UInt64(resample))
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { weights in
        weights.initialize(repeating: 0)
        for _ in 0..<count {
          weights[Int(truncatingIfNeeded: generator.next().multipliedFullWidth(by: UInt64(count)).high)] += 1
        }
        for (index, column) in columns.enumerated() {
          let above = column.numerators.dot(weights)
          let below = column.denominators?.dot(weights) ?? Double(count)
          results[index] = below > 0 ? above / below : .nan
        }
      }
    }
    return columns.indices.map { column in
      (0..<resamples).map { flat[$0 * columns.count + column] }
    }
  }

  /// The 95 % interval in values of resamples: the 2.5 % and 97.5 % quantiles, interpolated as numpy.quantile does.
  /// NaN is left out.
  public static func interval(of values: [Double]) -> (low: Double, high: Double)? {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard let last = sorted.indices.last else { return nil }
    func quantile(_ share: Double) -> Double {
      let position = share * Double(last)
      let (below, above) = (sorted[Int(position)], sorted[min(Int(position) + 1, last)])
      return below + (above - below) * (position - position.rounded(.down))
    }
    return (quantile(0.025), quantile(0.975))
  }
}

/// Two-sided sign-flip permutation tests of paired columns. If it did not matter which of the two a picture's scores
/// belong to, exchanging them for a random half of the pictures would often give as large a difference as there is: p is
/// (1 + the number of permutations where |difference| is at least as large) / (1 + permutations).
public struct SignFlipTest: Sendable {
  /// Number of random permutations.
  public let permutations: Int
  /// What they follow from.
  public let seed: UInt64

  /// A test.
  public init(permutations: Int = 2000, seed: UInt64 = 0) {
    self.permutations = permutations
    self.seed = seed
  }

  /// p for each pair; nil where one of the two has no value.
  public func pValues(of pairs: [(RatioColumn, RatioColumn)]) -> [Double?] {
    guard let count = pairs.first?.0.numerators.count, count > 0 else { return pairs.map { _ in nil } }
    let terms = pairs.map { PairTerms($0, $1) }
    let flat = inParallel(permutations, pairs.count) { permutation, results in
      var generator = SeededGenerator(seed: seed, place: 2, UInt64(permutation))
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { signs in
        signs.initialize(repeating: 1)
        for start in stride(from: 0, to: count, by: 64) {
          var bits = generator.next()
          for index in start..<min(start + 64, count) {
            signs[index] = bits & 1 == 0 ? 1 : -1
            bits >>= 1
          }
        }
        for (index, pair) in terms.enumerated() { results[index] = pair.difference(signs) }
      }
    }
    return terms.indices.map { pair in
      guard let first = pairs[pair].0.value, let second = pairs[pair].1.value else { return nil }
      // Sums in another order differ in their last bits.
      let observed = abs(second - first) * (1 - 1e-9)
      let hits = (0..<permutations).count { abs(flat[$0 * terms.count + pair]) >= observed }
      return Double(1 + hits) / Double(1 + permutations)
    }
  }
}

/// What is exchanged: both sums of a pair change by half the signed differences of its pictures.
private struct PairTerms {
  private let numerators: [Double]
  private let denominators: [Double]?
  private let above: Double
  private let below: Double

  init(_ first: RatioColumn, _ second: RatioColumn) {
    func denominator(_ column: RatioColumn) -> [Double] {
      column.denominators ?? [Double](repeating: 1, count: column.numerators.count)
    }
    numerators = zip(first.numerators, second.numerators).map { $1 - $0 }
    above = first.numerators.reduce(0, +) + second.numerators.reduce(0, +)
    if first.denominators == nil, second.denominators == nil {
      denominators = nil
      below = 2 * Double(first.numerators.count)
    } else {
      let (one, other) = (denominator(first), denominator(second))
      denominators = zip(one, other).map { $1 - $0 }
      below = one.reduce(0, +) + other.reduce(0, +)
    }
  }

  func difference(_ signs: UnsafeMutableBufferPointer<Double>) -> Double {
    let (top, bottom) = (numerators.dot(signs), denominators?.dot(signs) ?? 0)
    return (above + top) / (below + bottom) - (above - top) / (below - bottom)
  }
}

extension [Double] {
  fileprivate func dot(_ other: UnsafeMutableBufferPointer<Double>) -> Double {
    withUnsafeBufferPointer { mine in
      guard let left = mine.baseAddress, let right = other.baseAddress else { return 0 }
      return dotProduct(left, right, mine.count)
    }
  }
}

/// `width` numbers for each of `count` pieces of work, done by all cores.
private func inParallel(
  _ count: Int, _ width: Int, _ work: @Sendable (Int, UnsafeMutableBufferPointer<Double>) -> Void
) -> [Double] {
  [Double](unsafeUninitializedCapacity: count * width) { results, filled in
    results.initialize(repeating: 0)
    filled = count * width
    let shared = Rows(start: results.baseAddress, width: width)
    DispatchQueue.concurrentPerform(iterations: count) { index in work(index, shared.row(index)) }
  }
}

/// Rows of one block of memory, each written by one piece of work.
private struct Rows: @unchecked Sendable {
  let start: UnsafeMutablePointer<Double>?
  let width: Int

  func row(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: start.map { $0 + index * width }, count: width)
  }
}
