import Checkpoints
import Tensors

extension TeacherLabels {
  /// Features of another network at the places of pictures.
  public struct Features: Sendable {
    private let values: Tensor
    /// The mean over all places of the squared length.
    public let power: Float
    /// Features at each place.
    public var channels: Int { values.channels }

    fileprivate init(_ values: Tensor, power: Float) {
      self.values = values
      self.power = power
    }

    /// Features at the places of parts of pictures, [pictures, h, w, C] with the file's h and w: between four places
    /// those in proportion, beyond the outermost theirs.
    func tensor(of parts: [(position: Int, view: PictureView)]) -> Tensor {
      let (height, width, channels) = (values.height, values.width, values.channels)
      let made = Tensor(shape: [parts.count, height, width, channels]) { made in
        made.update(repeating: 0)
        values.withUnsafeElements { values in
          var place = 0
          for part in parts {
            let rows = Self.taps(part.view.top, part.view.bottom, height)
            let columns = Self.taps(part.view.left, part.view.right, width)
            for row in rows {
              for column in columns {
                for (y, a) in [(row.low, 1 - row.share), (row.low + 1, row.share)] where a > 0 {
                  for (x, b) in [(column.low, 1 - column.share), (column.low + 1, column.share)] where b > 0 {
                    let start = ((part.position * height + y) * width + x) * channels
                    for c in 0..<channels { made[place + c] += a * b * values[start + c] }
                  }
                }
                place += channels
              }
            }
          }
        }
      }
      return made
    }

    /// For the centre of each cell of a part the cell of the whole that begins the pair it lies in, and the share of the other.
    private static func taps(_ from: Double, _ to: Double, _ cells: Int) -> [(low: Int, share: Float)] {
      (0..<cells).map { cell in
        let centre = from + (to - from) * (Double(cell) + 0.5) / Double(cells)
        let at = min(max(centre * Double(cells) - 0.5, 0), Double(cells - 1))
        let low = min(Int(at), max(0, cells - 2))
        return (low, Float(at - Double(low)))
      }
    }
  }

  /// The features of a file.
  static func features(
    in file: Checkpoint, pictures: Int, _ damaged: (String) -> DatasetError
  ) throws(DatasetError) -> Features {
    guard let entry = file["features"] else {
      throw damaged("it has no tensor 'features', which the recipe asks for")
    }
    let values: Tensor
    do throws(CheckpointError) { values = try entry.tensor() } catch { throw .checkpoint(error) }
    guard values.shape.count == 4, values.count > 0, values.shape[0] == pictures else {
      throw damaged("'features' is \(values.shape), not [\(pictures), rows, columns, channels]")
    }
    let places = values.count / values.channels
    let power = values.withUnsafeElements { $0.reduce(0.0) { $0 + Double($1) * Double($1) } } / Double(places)
    guard power.isFinite else { throw damaged("'features' holds values that are not finite") }
    guard power > 0 else { throw damaged("'features' holds nothing but zeros") }
    // Losses are divided by it.
    guard (1e-20...1e20).contains(power) else {
      throw damaged("'features' holds values whose mean square, \(power), is out of range")
    }
    return Features(values, power: Float(power))
  }
}
