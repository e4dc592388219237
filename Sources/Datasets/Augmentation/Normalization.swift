import Files
import Images

/// How levels become a network's numbers: each colour on 0…1, less a mean, over a standard deviation.
public struct Normalization: Codable, Hashable, Sendable {
  /// Mean of red, green and blue.
  public let mean: [Float]
  /// What red, green and blue are divided by then.
  public let standardDeviation: [Float]
  /// The number of each level: 256 for red, then green, then blue.
  private let table: [Float]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case mean, standardDeviation
  }

  /// What networks for ImageNet, and here also for other photographs, are trained with.
  public static let imageNet = Normalization(
    validMean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])

  /// A normalisation of three colours.
  public init(mean: [Float], standardDeviation: [Float]) throws(DatasetError) {
    guard mean.count == 3, mean.allSatisfy(\.isFinite) else {
      throw .setting(name: "mean", value: "\(mean)", needed: "three numbers")
    }
    guard standardDeviation.count == 3, standardDeviation.allSatisfy({ $0.isFinite && $0 > 1e-6 }) else {
      throw .setting(
        name: "standardDeviation", value: "\(standardDeviation)", needed: "three numbers above 0")
    }
    self.init(validMean: mean, standardDeviation: standardDeviation)
  }

  private init(validMean mean: [Float], standardDeviation: [Float]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    table = (0..<3).flatMap { c in (0..<256).map { (Float($0) / 255 - mean[c]) / standardDeviation[c] } }
  }

  /// Reads both lists; a key that is not known is an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      mean: try values.decode([Float].self, forKey: .mean),
      standardDeviation: try values.decode([Float].self, forKey: .standardDeviation))
  }

  /// Writes the numbers of a picture, [H, W, 3], to where `target` begins.
  func write(_ image: Image, to target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count >= image.pixels.count, "no room for the picture")
    image.pixels.withUnsafeBufferPointer { pixels in
      table.withUnsafeBufferPointer { table in
        var position = 0
        while position < pixels.count {
          target[position] = table[Int(pixels[position])]
          target[position &+ 1] = table[256 &+ Int(pixels[position &+ 1])]
          target[position &+ 2] = table[512 &+ Int(pixels[position &+ 2])]
          position &+= 3
        }
      }
    }
  }
}
