import Files
import Images
import Tensors

/// Left becomes right with a probability: torchvision's `RandomHorizontalFlip`.
public struct HorizontalFlip: Codable, Hashable, Sendable {
  /// From 0 (never) to 1 (always).
  public var probability: Double

  enum CodingKeys: String, CodingKey, CaseIterable {
    case probability
  }

  /// A flip of every second picture unless a probability is given.
  public init(probability: Double = 0.5) { self.probability = probability }

  /// Reads settings, which may be left out; a key that is not known is an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(probability: try values.decodeIfPresent(Double.self, forKey: .probability) ?? 0.5)
  }

  func validate() throws(DatasetError) {
    try DatasetError.require(probability, in: 0...1, "probability")
  }

  /// Whether the next picture is flipped.
  func isDrawn(_ generator: inout SeededGenerator) -> Bool { generator.uniform() < probability }
}

extension Image {
  /// The picture with left and right exchanged.
  var mirrored: Image {
    let result = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      pixels.withUnsafeBufferPointer { source in
        for y in 0..<height {
          var to = y &* width &* 3
          var from = to &+ (width &- 1) &* 3
          for _ in 0..<width {
            target[to] = source[from]
            target[to &+ 1] = source[from &+ 1]
            target[to &+ 2] = source[from &+ 2]
            to &+= 3
            from &-= 3
          }
        }
      }
      filled = pixels.count
    }
    return Image(width: width, height: height, pixels: result)
  }
}
