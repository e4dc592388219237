import Files
import Images
import Tensors

/// Random brightness, contrast, saturation and hue, in random order: torchvision's `ColorJitter`.
public struct ColorJitter: Codable, Hashable, Sendable {
  /// Brightness is multiplied by a number from 1 - this (at least 0) to 1 + this.
  public var brightness: Double
  /// Likewise the distance from the mean grey level.
  public var contrast: Double
  /// Likewise the distance from the pixel's own grey.
  public var saturation: Double
  /// The hue is turned by up to this part of the circle either way; at most 0.5.
  public var hue: Double

  enum CodingKeys: String, CodingKey, CaseIterable {
    case brightness, contrast, saturation, hue
  }

  /// Jitter of the given strengths.
  public init(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0) {
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
  }

  /// Reads settings; what is left out stays as it is in the picture, and a key that is not known is an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      brightness: try values.decodeIfPresent(Double.self, forKey: .brightness) ?? 0,
      contrast: try values.decodeIfPresent(Double.self, forKey: .contrast) ?? 0,
      saturation: try values.decodeIfPresent(Double.self, forKey: .saturation) ?? 0,
      hue: try values.decodeIfPresent(Double.self, forKey: .hue) ?? 0)
  }

  func validate() throws(DatasetError) {
    try DatasetError.require(brightness, in: 0...10, "brightness")
    try DatasetError.require(contrast, in: 0...10, "contrast")
    try DatasetError.require(saturation, in: 0...10, "saturation")
    try DatasetError.require(hue, in: 0...0.5, "hue")
  }

  func applied(to image: Image, using generator: inout SeededGenerator) -> Image {
    var order = [0, 1, 2, 3]
    generator.shuffle(&order)
    // Every number is drawn, used or not, so that one strength does not change the others' numbers.
    let factors = [brightness, contrast, saturation].map { generator.uniform(in: max(0, 1 - $0)...1 + $0) }
    let turn = generator.uniform(in: -hue...hue)
    return order.reduce(image) { image, kind in
      switch kind {
      case 0: brightness == 0 ? image : image.brightened(by: Float(factors[0]))
      case 1: contrast == 0 ? image : image.contrasted(by: Float(factors[1]))
      case 2: saturation == 0 ? image : image.saturated(by: Float(factors[2]))
      default: hue == 0 ? image : image.hueTurned(by: turn)
      }
    }
  }
}
