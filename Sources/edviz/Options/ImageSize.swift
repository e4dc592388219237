import EDViz

/// A size of images on the command line.
enum ImageSize {
  /// The size that a side or ROWSxCOLUMNS means.
  static func parse(_ text: String, _ option: String) throws -> Size2D {
    let sides = text.split(omittingEmptySubsequences: false, whereSeparator: { "x×".contains($0) })
    let numbers = sides.map { Int($0) ?? 0 }
    guard (1...2).contains(numbers.count), numbers.allSatisfy({ (1...16_384).contains($0) }) else {
      throw Failure(.usage, "\(option) is '\(text)', but must be a side or ROWSxCOLUMNS, from 1 to 16384")
    }
    return Size2D(height: numbers[0], width: numbers[numbers.count - 1])
  }
}
