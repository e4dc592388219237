import Glibc

/// What one picture's activation of one branch is like.
public struct PictureActivation: Sendable {
  /// Share of the values that are above 0.
  public let positiveShare: Double
  /// Root of the mean square of the values.
  public let rootMeanSquare: Double
  /// Mean of their absolute values.
  public let meanAbsolute: Double
  /// Hoyer's sparsity (√n − Σ|x| / √Σx²) / (√n − 1) of the n values: 0 if all have one magnitude, 1 if one alone is not 0.
  /// Nil if all are 0, or there is only one. ("Non-negative Matrix Factorization with Sparseness Constraints", 2004.)
  public let hoyer: Double?
  /// Spatial entropy of the depth sum in bits: −Σ p log₂ p over the cells, p being the depth sum's positive part over its
  /// sum. Nil if the depth sum is nowhere above 0.
  public let entropy: Double?
  /// The entropy over that of an even map, log₂ of the number of cells: 0 for one cell alone, 1 for an even map. Nil also
  /// for maps of one cell.
  public let relativeEntropy: Double?

  /// How much of the depth sum is a chessboard; nil where that means nothing, as in a constant map.
  public let chessboard: Chessboard?

  /// Nil if the values are not all finite.
  /// - Parameter entropy: NaN if the depth sum is nowhere above 0.
  init?(_ values: ValueStatistics, cells: Int, entropy: Float, chessboard: Chessboard?) {
    guard values.count > 0, values.square.isFinite else { return nil }
    positiveShare = values.positiveShare
    rootMeanSquare = values.rootMeanSquare
    meanAbsolute = values.meanAbsolute
    let root = values.count.squareRoot()
    hoyer =
      values.square > 0 && values.count > 1
      ? (root - values.absolute / values.square.squareRoot()) / (root - 1) : nil
    self.chessboard = chessboard
    self.entropy = entropy.isNaN ? nil : Double(entropy)
    relativeEntropy = cells > 1 ? self.entropy.map { $0 / log2(Double(cells)) } : nil
  }
}
