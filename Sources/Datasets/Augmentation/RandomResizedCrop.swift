import Glibc
import Files
import Images
import Tensors

/// A part of the picture with a random share of its area and a random shape, resized to a square: torchvision's
/// `RandomResizedCrop` with its ten attempts and its fallback to the middle.
public struct RandomResizedCrop: Codable, Hashable, Sendable {
  /// Side of the result in pixels.
  public var size: Int
  /// The smallest and the largest share of the picture's area.
  public var area: [Double]
  /// The smallest and the largest width over height, evenly distributed on a logarithmic scale.
  public var aspect: [Double]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case size, area, aspect
  }

  /// A crop to `size` with torchvision's ranges unless given.
  public init(size: Int, area: [Double] = [0.08, 1], aspect: [Double] = [3 / 4.0, 4 / 3.0]) {
    self.size = size
    self.area = area
    self.aspect = aspect
  }

  /// Reads settings; all but `size` may be left out, and a key that is not known is an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(size: try values.decode(Int.self, forKey: .size))
    if let given = try values.decodeIfPresent([Double].self, forKey: .area) { area = given }
    if let given = try values.decodeIfPresent([Double].self, forKey: .aspect) { aspect = given }
  }

  func validate() throws(DatasetError) {
    try DatasetError.require(size, in: AugmentationStep.sizes, "size")
    try DatasetError.require(area, in: 0.0001...1, "area")
    try DatasetError.require(aspect, in: 0.01...100, "aspect")
  }

  /// The part that is cut out of a picture.
  func box(width: Int, height: Int, using generator: inout SeededGenerator) -> Box {
    let wholeArea = Double(width * height)
    for _ in 0..<10 {
      let target = wholeArea * generator.uniform(in: area[0]...area[1])
      let shape = exp(generator.uniform(in: log(aspect[0])...log(aspect[1])))
      let w = Int((target * shape).squareRoot().rounded(.toNearestOrEven))
      let h = Int((target / shape).squareRoot().rounded(.toNearestOrEven))
      guard w > 0, h > 0, w <= width, h <= height else { continue }
      let y = generator.integer(below: height - h + 1)
      let x = generator.integer(below: width - w + 1)
      return Box(x0: x, y0: y, x1: x + w, y1: y + h)
    }
    return Self.middle(width: width, height: height, aspect: aspect)
  }

  /// The largest part in the middle whose shape is in range.
  static func middle(width: Int, height: Int, aspect: [Double]) -> Box {
    let shape = Double(width) / Double(height)
    var (w, h) = (width, height)
    if shape < aspect[0] {
      h = max(1, Int((Double(width) / aspect[0]).rounded(.toNearestOrEven)))
    } else if shape > aspect[1] {
      w = max(1, Int((Double(height) * aspect[1]).rounded(.toNearestOrEven)))
    }
    let (x, y) = ((width - w) / 2, (height - h) / 2)
    return Box(x0: x, y0: y, x1: x + w, y1: y + h)
  }

  /// The part of a picture at the crop's size.
  func resized(_ image: Image, from box: Box) -> Image {
    let isWhole = box.width == image.width && box.height == image.height
    return (isWhole ? image : image.cropped(to: box)).resized(width: size, height: size)
  }
}
