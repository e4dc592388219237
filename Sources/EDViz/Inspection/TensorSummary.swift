/// A tensor of a weight file, in numbers.
public struct TensorSummary: Codable, Sendable {
  /// The keys of the dictionary that it stands in, with dots between; empty for the outermost.
  public var key: String
  /// Its name there.
  public var name: String
  /// Dimensions, outermost first.
  public var shape: [Int]?
  /// The type of its elements, as safetensors calls it.
  public var type: String?
  /// The smallest and the largest finite value; none if there are none, or the type has no conversion.
  public var range: [Float]?
  /// Elements that are no number; none where there are none.
  public var nan: Int?
  /// Elements that are infinite; none where there are none.
  public var infinite: Int?
  /// Why it cannot be read.
  public var error: String?

  /// What a dictionary holds under a name.
  init(key: String, name: String, _ result: Result<Checkpoint.Entry, CheckpointError>) {
    self.key = key
    self.name = name
    do {
      let entry = try result.get()
      shape = entry.shape
      type = entry.type.rawValue
      guard entry.type.isConvertible else { return }
      let tensor = try entry.tensor()
      measure(tensor)
      tensor.releasePages()
    } catch { self.error = "\(error)" }
  }

  private mutating func measure(_ tensor: Tensor) {
    var (low, high) = (Float.infinity, -Float.infinity)
    var (nan, infinite) = (0, 0)
    tensor.withUnsafeElements { elements in
      for value in elements {
        if value.isFinite {
          low = min(low, value)
          high = max(high, value)
        } else if value.isNaN {
          nan += 1
        } else {
          infinite += 1
        }
      }
    }
    if low <= high { range = [low, high] }
    if nan > 0 { self.nan = nan }
    if infinite > 0 { self.infinite = infinite }
  }
}
