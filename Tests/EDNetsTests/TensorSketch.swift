/// What a reference keeps of a tensor of millions of values: its norm, and some sums of all values with signs that
/// follow from the tensor's name. The mean square of the sums of a difference is an unbiased estimate of the square of its
/// norm, so that two tensors can be compared whole in L2 (as Johnson and Lindenstrauss do).
struct TensorSketch: Decodable {
  let norm: Double
  let sums: [Double]

  /// About the norm of the difference from the tensor that this is a sketch of: within a factor of 1.5 in most cases,
  /// exact where one value differs.
  func distance(to values: some RandomAccessCollection<Double>, named name: String) -> Double {
    precondition(sums.count == 8)
    let start = GoldenGenerator.start(named: name + ".sketch", seed: 0)
    var found = SIMD8<Double>()
    for (position, value) in values.enumerated() {
      let word = GoldenGenerator.word(position, from: start)
      // Bit j of the word is the sign in sum j.
      let signs = (SIMD8<UInt64>(repeating: word) &>> SIMD8(0, 1, 2, 3, 4, 5, 6, 7)) & 1
      found.replace(with: found + value, where: signs .== 0)
      found.replace(with: found - value, where: signs .== 1)
    }
    let gaps = found - SIMD8(sums)
    return ((gaps * gaps).sum() / 8).squareRoot()
  }
}
