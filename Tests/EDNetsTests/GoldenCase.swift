import Foundation
import Testing

/// A network's values computed by an independent PyTorch implementation (PyTorch 2.15, float32, CPU), whose
/// parameters and input are generated from their names.
struct GoldenCase: Decodable, CustomTestStringConvertible {
  struct Values: Decodable {
    /// PyTorch's order.
    let shape: [Int]
    let mean: Double
    let meanAbs: Double
    /// Share of values above 0.
    let positive: Double
    /// Flat positions of the samples in PyTorch's order.
    let index: [Int]
    let value: [Float]
  }
  struct Block: Decodable {
    let index: Int
    let taps: [String: Values]
  }

  let model: String
  let seed: UInt64
  /// [N, 3, H, W]
  let input: [Int]
  let logits: Values
  let blocks: [Block]
  /// For the first image and the last block, the sum over channels, row-major.
  let depthSum: [String: [Float]]
  let depthSumSize: [Int]
  /// Mean of the last output's depth sum.
  let meanThreshold: Double
  let maskAboveMean: [Int]

  var testDescription: String { "\(model) at \(input[2])×\(input[3])" }

  static let forward: [GoldenCase] = {
    let url = Bundle.module.url(forResource: "forward", withExtension: "json", subdirectory: "Fixtures")
    guard let url, let data = try? Data(contentsOf: url) else { return [] }
    return (try? JSONDecoder().decode([GoldenCase].self, from: data)) ?? []
  }()
}
