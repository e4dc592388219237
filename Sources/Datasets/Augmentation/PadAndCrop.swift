import Files
import Images
import Tensors

/// A part of the picture at a random place, as though it had black around it: torchvision's
/// `RandomCrop(size, padding)`, which is what CIFAR-10 is trained with.
public struct PadAndCrop: Codable, Hashable, Sendable {
  /// Pixels of black on each side.
  public var padding: Int
  /// Side of the result; nil is the size of the picture.
  public var size: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case padding, size
  }

  /// A crop after padding.
  public init(padding: Int, size: Int? = nil) {
    self.padding = padding
    self.size = size
  }

  /// Reads settings; `size` may be left out, and a key that is not known is an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      padding: try values.decode(Int.self, forKey: .padding),
      size: try values.decodeIfPresent(Int.self, forKey: .size))
  }

  func validate() throws(DatasetError) {
    try DatasetError.require(padding, in: 0...4096, "padding")
    if let size { try DatasetError.require(size, in: AugmentationStep.sizes, "size") }
  }

  /// The part that is cut out of a picture, beyond whose sides there is black.
  func box(width: Int, height: Int, using generator: inout SeededGenerator) -> Box {
    let (w, h) = (size ?? width, size ?? height)
    let y = Self.start(height, h, padding, &generator)
    let x = Self.start(width, w, padding, &generator)
    return Box(x0: x, y0: y, x1: x + w, y1: y + h)
  }

  /// Where the crop begins on a side. A crop that is longer than the padded side has the picture in its middle.
  private static func start(
    _ side: Int, _ length: Int, _ padding: Int, _ generator: inout SeededGenerator
  ) -> Int {
    let freedom = side + 2 * padding - length
    return freedom < 0 ? freedom / 2 - padding : generator.integer(below: freedom + 1) - padding
  }
}
