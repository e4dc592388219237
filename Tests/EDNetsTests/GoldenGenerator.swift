import EDNets
import Networks
import Tensors

/// Values of a tensor from its name and a seed, the same in every language: SplitMix64 started from FNV-1a of the
/// name.
enum GoldenGenerator {
  static func tensor(named name: String, shape: [Int], seed: UInt64) -> Tensor {
    let count = shape.reduce(1, *)
    let start = start(named: name, seed: seed)
    func uniform(_ position: Int) -> Double { Double(word(position, from: start) >> 40) * 0x1p-24 }
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let map: (Double) -> Double
    switch last {
    case "input": map = { (2 * $0 - 1) * 1.75 }
    case "running_var": map = { 0.5 + $0 }
    case "weight" where shape.count == 1: map = { 0.5 + $0 }
    case "weight":
      let bound = (3 / (Double(count) / Double(shape[0]))).squareRoot()
      map = { (2 * $0 - 1) * bound }
    default: map = { (2 * $0 - 1) * 0.1 }
    }
    return Tensor(shape: shape) { buffer in
      for i in 0..<count { buffer[i] = Float(map(uniform(i))) }
    }
  }

  /// Gives every parameter of a network its value.
  static func fill(_ network: Network, seed: UInt64) {
    for parameter in network.parameters {
      parameter.value = tensor(named: parameter.name, shape: parameter.shape, seed: seed)
    }
  }

  /// Where the words of a name begin: FNV-1a.
  static func start(named name: String, seed: UInt64) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } ^ seed
  }

  /// The word at a position: SplitMix64.
  @inline(__always)
  static func word(_ position: Int, from start: UInt64) -> UInt64 {
    var z = start &+ UInt64(position + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
