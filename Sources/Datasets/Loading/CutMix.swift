import Files
import Images
import Tensors

/// A rectangle of each picture comes from another one of the batch, and the targets follow its area (Yun et al., 2019):
/// torchvision's `CutMix`, where the other picture is the one before.
public struct CutMix: Codable, Hashable, Sendable {
  /// The share of batches that are mixed.
  public var share: Double
  /// α of the Beta(α, α) distribution of the kept area; 1 is uniform.
  public var alpha: Double

  enum CodingKeys: String, CodingKey, CaseIterable {
    case share, alpha
  }

  /// Mixing of a share of all batches.
  public init(share: Double = 0.5, alpha: Double = 1) {
    self.share = share
    self.alpha = alpha
  }

  /// Reads settings, which may be left out; a key that is not known is an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    if let given = try values.decodeIfPresent(Double.self, forKey: .share) { share = given }
    if let given = try values.decodeIfPresent(Double.self, forKey: .alpha) { alpha = given }
  }

  func validate() throws(DatasetError) {
    try DatasetError.require(share, in: 0...1, "the share of mixed batches")
    try DatasetError.require(alpha, in: 0.01...100, "alpha")
  }

  /// The rectangle of one batch; nil if it is not mixed.
  func box(width: Int, height: Int, using generator: inout SeededGenerator) -> Box? {
    guard generator.uniform() < share else { return nil }
    let kept = generator.beta(alpha)
    let (x, y) = (generator.integer(below: width), generator.integer(below: height))
    let half = 0.5 * (1 - kept).squareRoot()
    let (halfWidth, halfHeight) = (Int(half * Double(width)), Int(half * Double(height)))
    let box = Box(x0: x - halfWidth, y0: y - halfHeight, x1: x + halfWidth, y1: y + halfHeight)
      .intersection(Box(x0: 0, y0: 0, x1: width, y1: height))
    return box.width > 0 && box.height > 0 ? box : nil
  }

  /// Mixes values of places [N, h, w, C] as `mix` does pictures: by the part of each place that the rectangle covers.
  static func mix(places: inout Tensor, _ box: Box, width: Int, height: Int) {
    func shares(_ low: Int, _ high: Int, of size: Int, cells: Int) -> [Float] {
      let scale = Double(cells) / Double(size)
      return (0..<cells).map { cell in
        Float(max(0, min(Double(high) * scale, Double(cell + 1)) - max(Double(low) * scale, Double(cell))))
      }
    }
    let columns = shares(box.x0, box.x1, of: width, cells: places.width)
    let rows = shares(box.y0, box.y1, of: height, cells: places.height)
    let whole = places.elements
    let (channels, size) = (places.channels, places.height * places.width)
    let picture = size * channels
    places.withUnsafeMutableElements { places in
      for start in stride(from: 0, to: places.count, by: channels) {
        let cell = start / channels % size
        let share = rows[cell / columns.count] * columns[cell % columns.count]
        guard share > 0 else { continue }
        let other = start < picture ? start + whole.count - picture : start - picture
        for c in 0..<channels {
          places[start + c] = (1 - share) * whole[start + c] + share * whole[other + c]
        }
      }
    }
  }

  /// Puts the rectangle of each picture's predecessor into it; that of the first is the last.
  static func mix(_ images: inout Tensor, _ targets: inout Tensor, _ box: Box) {
    let (count, width, height) = (images.batch, images.width, images.height)
    guard count > 1 else { return }
    let picture = height * width * 3
    images.withUnsafeMutableElements { pixels in
      func row(_ image: Int, _ y: Int) -> Range<Int> {
        let start = image * picture + (y * width + box.x0) * 3
        return start..<start + box.width * 3
      }
      for y in box.y0..<box.y1 {
        // Backwards, so that each predecessor is still whole; only the last one has to be kept.
        let last = Array(pixels[row(count - 1, y)])
        for image in stride(from: count - 1, to: 0, by: -1) {
          _ = pixels[row(image, y)].update(fromContentsOf: pixels[row(image - 1, y)])
        }
        _ = pixels[row(0, y)].update(fromContentsOf: last)
      }
    }
    let share = Float(box.width * box.height) / Float(width * height)
    let whole = targets.elements
    let classes = targets.channels
    targets.withUnsafeMutableElements { targets in
      for i in targets.indices {
        let other = i < classes ? whole[i + (count - 1) * classes] : whole[i - classes]
        targets[i] = (1 - share) * whole[i] + share * other
      }
    }
  }
}
