/// What can be wrong with a figure that is to be drawn.
public enum FigureError: Error, Equatable, Sendable {
  /// More pixels than cairo can hold.
  case tooLarge(width: Int, height: Int)
  /// cairo refused; `reason` is its own.
  case cairo(reason: String)
  /// The name does not end in an extension of a format that is written.
  case unknownExtension(file: String)
}

extension FigureError: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch self {
    case .tooLarge(let width, let height):
      "a figure of \(width) × \(height) pixels is too large; a side has 1 to 32,767"
    case .cairo(let reason):
      "the figure cannot be drawn: \(reason)"
    case .unknownExtension(let file):
      "\(file): figures are written as .png, .jpg, .svg or .pdf"
    }
  }
}
